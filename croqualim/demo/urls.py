from django.urls import path

from croqualim.demo import views

app_name = "demo"
urlpatterns = [path("entrer/<str:shoes>/", views.step_into, name="step_into")]
