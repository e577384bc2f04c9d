from django.urls import path

from croqualim.groupbuy.views import invoices

one = "factures/<int:invoice_id>/"
urlpatterns = [
    path(
        "producteurs/factures/<int:collective_id>/<int:structure_id>/",
        invoices.invoices,
        name="invoices",
    ),
    path(one, invoices.invoice, name="invoice"),
    path(f"{one}completer/", invoices.fill_invoice, name="fill_invoice"),
    path(f"{one}fichier/", invoices.invoice_file, name="invoice_file"),
    path(f"{one}approuver/", invoices.approve_invoice, name="approve_invoice"),
    path(f"{one}question/", invoices.query_invoice, name="query_invoice"),
    path(f"{one}retirer/", invoices.withdraw_invoice, name="withdraw_invoice"),
]
