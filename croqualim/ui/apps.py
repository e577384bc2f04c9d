from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "croqualim.ui"
