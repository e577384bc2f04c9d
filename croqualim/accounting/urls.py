from django.urls import path

from croqualim.accounting import views

app_name = "accounting"
urlpatterns = [
    path("", views.books, name="books"),
    path("<int:collective_id>/", views.journal, name="journal"),
    path("<int:collective_id>/valider/", views.validate, name="validate"),
    path("<int:collective_id>/fec/", views.fec, name="fec"),
    path("<int:collective_id>/comptes/", views.chart, name="chart"),
]
