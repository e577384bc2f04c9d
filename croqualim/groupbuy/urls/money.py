from django.urls import path

from croqualim.groupbuy.views import containers as kinds
from croqualim.groupbuy.views import prepaid_accounts, settlement, taking_back
from croqualim.groupbuy.views.till import cash, containers, giving

till = "epiceries/<int:popup_id>/caisse/"
urlpatterns = [
    path(f"{till}retours/<int:order_id>/", giving.refund, name="refund"),
    path(f"{till}repris/<int:refund_id>/annuler/", giving.undo_refund, name="undo_refund"),
    path(f"{till}comptes/<int:membership_id>/rendre/", giving.pay_back, name="pay_back"),
    path(f"{till}rendus/<int:payout_id>/annuler/", giving.undo_pay_back, name="undo_pay_back"),
    path(f"{till}contenants/", containers.back, name="containers_back"),
    path(
        f"{till}contenants/<int:payout_id>/annuler/",
        containers.undo,
        name="undo_containers_back",
    ),
    path("collectifs/<int:collective_id>/consignes/", kinds.containers, name="containers"),
    path(
        "collectifs/<int:collective_id>/consignes/produit/",
        kinds.put_in_container,
        name="put_in_container",
    ),
    path(
        "collectifs/<int:collective_id>/consignes/produit/<int:product_id>/retirer/",
        kinds.take_out_of_container,
        name="take_out_of_container",
    ),
    path(f"{till}monnaie/", cash.change, name="bring_change"),
    path(f"{till}banque/", cash.deposit, name="deposit_cash"),
    path(f"{till}especes/<int:move_id>/annuler/", cash.undo, name="undo_cash_move"),
    path(
        "enveloppes/<int:envelope_id>/releve.pdf",
        settlement.envelope_statement,
        name="envelope_statement",
    ),
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
        "comptes/rendus/<int:payout_id>/annuler/",
        prepaid_accounts.undo_transfer_back,
        name="undo_transfer_back",
    ),
    path(
        "collectifs/<int:collective_id>/comptes/",
        prepaid_accounts.prepaid_accounts,
        name="prepaid_accounts",
    ),
]
