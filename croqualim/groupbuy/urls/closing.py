from django.urls import path

from croqualim.groupbuy.views import closing, exports, farmer, purchasing, reception, sacks

urlpatterns = [
    path("cycles/<int:cycle_id>/sacs/", sacks.fill_sacks, name="fill_sacks"),
    path("cycles/<int:cycle_id>/cloturer/", closing.close_cycle, name="close_cycle"),
    path("cycles/<int:cycle_id>/bons/", purchasing.purchase_orders, name="purchase_orders"),
    path("bons/", farmer.farmer_orders, name="farmer_orders"),
    path("bons/<int:purchase_order_id>/", purchasing.purchase_order, name="purchase_order"),
    path(
        "bons/<int:purchase_order_id>/bon.pdf",
        purchasing.purchase_order_pdf,
        name="purchase_order_pdf",
    ),
    path(
        "bons/<int:purchase_order_id>/bon.<str:suffix>",
        exports.purchase_order_table,
        name="purchase_order_table",
    ),
    path(
        "bons/<int:purchase_order_id>/envoyer/",
        purchasing.send_purchase_order,
        name="send_purchase_order",
    ),
    path(
        "bons/<int:purchase_order_id>/remis/",
        purchasing.hand_over_purchase_order,
        name="hand_over_purchase_order",
    ),
    path("bons/<int:purchase_order_id>/reception/", reception.receive, name="receive"),
    path(
        "bons/<int:purchase_order_id>/reception/annuler/",
        reception.undo_reception,
        name="undo_reception",
    ),
    path(
        "producteurs/releve/<int:collective_id>/<int:structure_id>/",
        farmer.farmer_statement,
        name="farmer_statement",
    ),
    path(
        "producteurs/releve/<int:collective_id>/<int:structure_id>/releve.pdf",
        farmer.farmer_statement_pdf,
        name="farmer_statement_pdf",
    ),
    path(
        "producteurs/releve/<int:collective_id>/<int:structure_id>/releve.<str:suffix>",
        exports.farmer_statement_table,
        name="farmer_statement_table",
    ),
]
