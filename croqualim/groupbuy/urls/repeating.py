from django.urls import path

from croqualim.groupbuy.views import automation, repeating

urlpatterns = [
    path("collectifs/<int:collective_id>/tout-seul/", automation.automation, name="automation"),
    path("cycles/<int:cycle_id>/refaire/", repeating.repeat_cycle, name="repeat_cycle"),
]
