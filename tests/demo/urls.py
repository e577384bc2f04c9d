"""The addresses of a site started with DEMO=1."""

from django.urls import include, path

from config.urls import urlpatterns as everywhere

urlpatterns = [*everywhere, path("demonstration/", include("croqualim.demo.urls"))]
