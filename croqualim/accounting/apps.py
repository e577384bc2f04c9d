from django.apps import AppConfig


class AccountingConfig(AppConfig):
    name = "croqualim.accounting"
