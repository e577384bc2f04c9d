from django.urls import path

from croqualim.groupbuy.views import exports
from croqualim.groupbuy.views import settlement as views

urlpatterns = [
    path("cycles/<int:cycle_id>/reglement/", views.settle_cycle, name="settle_cycle"),
    path("cycles/<int:cycle_id>/reglement/annuler/", views.undo_settlement, name="undo_settlement"),
    path("cycles/<int:cycle_id>/rapport/", views.cycle_report, name="cycle_report"),
    path("cycles/<int:cycle_id>/rapport.pdf", views.cycle_report_pdf, name="cycle_report_pdf"),
    path("enveloppes/<int:envelope_id>/", views.envelope, name="envelope"),
    path(
        "enveloppes/<int:envelope_id>/mois.<str:suffix>",
        exports.envelope_table,
        name="envelope_table",
    ),
]
