from django.urls import path

from croqualim.groupbuy.views import habits
from croqualim.groupbuy.views import ordering as views

urlpatterns = [
    path("commandes/", views.own_orders, name="own_orders"),
    path("commandes/<int:order_id>/", views.order, name="order"),
    path("commandes/<int:order_id>/ma-part/", views.reprice_order, name="reprice_order"),
    path("commandes/<int:order_id>/montrer/", views.show_order, name="show_order"),
    path("commandes/<int:order_id>/annuler/", views.cancel_order, name="cancel_order"),
    path("epiceries/<int:popup_id>/commander/", views.choose, name="choose"),
    path("epiceries/<int:popup_id>/commander/panier/", views.fill_basket, name="fill_basket"),
    path("epiceries/<int:popup_id>/commander/<int:offer_id>/", views.choose_one, name="choose_one"),
    path(
        "epiceries/<int:popup_id>/commander/comme-d-habitude/",
        habits.fill_as_usual,
        name="fill_as_usual",
    ),
    path(
        "epiceries/<int:popup_id>/commander/<int:offer_id>/prefere/",
        habits.favourite,
        name="favourite",
    ),
    path(
        "epiceries/<int:popup_id>/commander/<int:offer_id>/retirer/",
        views.take_out,
        name="take_out",
    ),
    path("epiceries/<int:popup_id>/verifier/", views.check_answers, name="check_answers"),
]
