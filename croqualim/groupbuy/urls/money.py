from django.urls import path

from croqualim.groupbuy.views import prepaid_accounts, taking_back
from croqualim.groupbuy.views.till import giving

till = "epiceries/<int:popup_id>/caisse/"
urlpatterns = [
    path(f"{till}retours/<int:order_id>/", giving.refund, name="refund"),
    path(f"{till}repris/<int:refund_id>/annuler/", giving.undo_refund, name="undo_refund"),
    path(f"{till}comptes/<int:membership_id>/rendre/", giving.pay_back, name="pay_back"),
    path(f"{till}rendus/<int:payout_id>/annuler/", giving.undo_pay_back, name="undo_pay_back"),
    path("commandes/<int:order_id>/retour/", taking_back.refund_order, name="refund_order"),
    path(
        "repris/<int:refund_id>/annuler/",
        taking_back.undo_refund_of_order,
        name="undo_refund_of_order",
    ),
    path("adhesions/<int:membership_id>/compte/", prepaid_accounts.own_account, name="own_account"),
    path(
        "adherents/<int:membership_id>/compte/",
        prepaid_accounts.member_account,
        name="member_account",
    ),
    path(
        "collectifs/<int:collective_id>/comptes/",
        prepaid_accounts.prepaid_accounts,
        name="prepaid_accounts",
    ),
]
