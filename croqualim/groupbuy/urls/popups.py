from django.urls import path

from croqualim.groupbuy.views import papers, preparation, weighing
from croqualim.groupbuy.views.till import closing, prepaid, selling, serving

shop = "epiceries/<int:popup_id>/"
urlpatterns = [
    path("cycles/<int:cycle_id>/preparation/", preparation.cycle, name="cycle_preparation"),
    path(f"{shop}preparation/", preparation.shop, name="preparation"),
    path(f"{shop}preparation/envoyer/", preparation.send, name="send_to_shop"),
    path(f"{shop}preparation/annuler/", preparation.undo, name="undo_sending"),
    path(f"{shop}preparation/<slug:name>.pdf", papers.shop_paper, name="preparation_paper"),
    path(f"{shop}papiers/<slug:name>/", papers.print_shop_paper, name="print_shop_paper"),
    path("cycles/<int:cycle_id>/papiers/", papers.papers, name="papers"),
    path("cycles/<int:cycle_id>/papiers/<slug:name>/", papers.print_paper, name="print_paper"),
    path("cycles/<int:cycle_id>/papiers/<slug:name>.pdf", papers.cycle_paper, name="cycle_paper"),
    path(f"{shop}peser/", weighing.products, name="weighing"),
    path(f"{shop}peser/<int:product_id>/", weighing.product, name="weigh_product"),
    path(f"{shop}caisse/<int:order_id>/peser/", weighing.order, name="weigh_order"),
    path("q/<slug:code>/", serving.scan, name="scan"),
    path(f"{shop}caisse/", serving.till, name="till"),
    path(f"{shop}caisse/<int:order_id>/", serving.order, name="till_order"),
    path(f"{shop}caisse/<int:order_id>/arrivee/", serving.presence, name="till_presence"),
    path(f"{shop}caisse/<int:order_id>/annuler/", serving.undo, name="undo_hand_over"),
    path(f"{shop}caisse/absents/", serving.absents, name="mark_all_absent"),
    path(f"{shop}caisse/vente-libre/", selling.sell, name="free_sale"),
    path(f"{shop}caisse/vente-libre/<int:sale_id>/annuler/", selling.undo, name="undo_free_sale"),
    path(f"{shop}caisse/recharge/", prepaid.find, name="find_to_top_up"),
    path(f"{shop}caisse/recharge/<int:membership_id>/", prepaid.top_up, name="top_up"),
    path(f"{shop}caisse/recharges/<int:payment_id>/annuler/", prepaid.undo, name="undo_top_up"),
    path(f"{shop}caisse/comptage/", closing.count, name="count_till"),
    path(f"{shop}caisse/fermeture/", closing.close, name="close_shop"),
]
