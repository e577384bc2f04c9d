from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "croqualim.messages"
    label = "outbox"  # Django has a "messages" of its own
