from django.urls import path

from croqualim.groupbuy.views import bank_details, paying

batch = "paiements/<int:batch_id>/"
urlpatterns = [
    path("collectifs/<int:collective_id>/paiements/", paying.payments, name="payments"),
    path(
        "collectifs/<int:collective_id>/banque/",
        bank_details.collective_bank,
        name="collective_bank",
    ),
    path(
        "collectifs/<int:collective_id>/banque/<int:structure_id>/",
        bank_details.supplier_bank,
        name="supplier_bank",
    ),
    path("producteurs/<int:structure_id>/banque/", bank_details.own_bank, name="own_bank"),
    path(batch, paying.payment_batch, name="payment_batch"),
    path(f"{batch}virements.xml", paying.payment_file, name="payment_file"),
    path(f"{batch}execute/", paying.execute_batch, name="execute_batch"),
    path(f"{batch}annuler/", paying.cancel_batch, name="cancel_batch"),
    path(f"{batch}<int:payment_id>/revenu/", paying.return_payment, name="return_payment"),
]
