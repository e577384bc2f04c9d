from django.urls import path

from croqualim.groupbuy.views import repeating

urlpatterns = [
    path("cycles/<int:cycle_id>/refaire/", repeating.repeat_cycle, name="repeat_cycle"),
]
