from django.urls import path

from croqualim.groupbuy.views import automation, calendar, doors, repeating

urlpatterns = [
    path("collectifs/<int:collective_id>/tout-seul/", automation.automation, name="automation"),
    path("collectifs/<int:collective_id>/calendrier/", calendar.calendar, name="calendar"),
    path(
        "collectifs/<int:collective_id>/calendrier/planifier/",
        calendar.plan_season,
        name="plan_season",
    ),
    path("groupements/<int:group_id>/entree/", doors.door, name="door"),
    path("cycles/<int:cycle_id>/refaire/", repeating.repeat_cycle, name="repeat_cycle"),
]
