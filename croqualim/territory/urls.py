from django.urls import path

from croqualim.territory import views

app_name = "territory"
urlpatterns = [
    path("", views.suggestions, name="suggestions"),
]
