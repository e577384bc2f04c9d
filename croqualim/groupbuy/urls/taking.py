from django.urls import path

from croqualim.groupbuy.views import taking

urlpatterns = [
    path("cycles/<int:cycle_id>/telephone/", taking.telephone, name="telephone"),
    path(
        "adherents/<int:membership_id>/commander/<int:popup_id>/",
        taking.take_order,
        name="take_order",
    ),
    path("commandes/<int:order_id>/dire/", taking.say_order, name="say_order"),
]
