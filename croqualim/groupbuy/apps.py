from django.apps import AppConfig


class GroupbuyConfig(AppConfig):
    name = "croqualim.groupbuy"
