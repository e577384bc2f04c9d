from django.urls import path

from croqualim.groupbuy.views import composing, cycles, exports, stops

urlpatterns = [
    path("collectifs/<int:collective_id>/cycles/nouveau/", composing.new_cycle, name="new_cycle"),
    path("cycles/<int:cycle_id>/", cycles.cycle, name="cycle"),
    path("cycles/<int:cycle_id>/offres/", composing.cycle_offers, name="cycle_offers"),
    path(
        "cycles/<int:cycle_id>/offres/<int:offer_id>/retirer/",
        composing.withdraw_offer,
        name="withdraw_offer",
    ),
    path("cycles/<int:cycle_id>/annoncer/", composing.publish_cycle, name="publish_cycle"),
    path(
        "cycles/<int:cycle_id>/ne-plus-annoncer/",
        composing.unpublish_cycle,
        name="unpublish_cycle",
    ),
    path("cycles/<int:cycle_id>/dates/", composing.change_dates, name="change_dates"),
    path("epiceries/<int:popup_id>/arrets/", stops.stops, name="stops"),
    path("cycles/<int:cycle_id>/commandes/", cycles.cycle_orders, name="cycle_orders"),
    path(
        "cycles/<int:cycle_id>/tableaux/<slug:name>.<str:suffix>",
        exports.cycle_table,
        name="cycle_table",
    ),
    path("commandes/<int:order_id>/histoire/", cycles.order_history, name="order_history"),
]
