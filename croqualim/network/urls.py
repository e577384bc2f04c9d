from django.urls import path

from croqualim.network import views

app_name = "network"
urlpatterns = [
    path("", views.structures, name="structures"),
    path("nouvelle/", views.add_structure, name="add_structure"),
    path("<int:structure_id>/", views.structure, name="structure"),
    path("<int:structure_id>/modifier/", views.change_structure, name="change_structure"),
    path("<int:structure_id>/equipe/", views.team, name="team"),
    path("<int:structure_id>/equipe/inviter/", views.invite, name="invite"),
    path("roles/<int:role_id>/terminer/", views.end_role, name="end_role"),
]
