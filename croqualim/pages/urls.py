from django.urls import path

from croqualim.pages import views

app_name = "pages"
urlpatterns = [path("", views.home, name="home")]
