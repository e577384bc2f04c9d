"""The door for SMS. A gateway is one class with `send`, named by the setting SMS_BACKEND."""

import sys
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class Backend(Protocol):
    def send(self, *, address: str, body: str, reference: str) -> None:
        """Hand over one text to one E.164 number, or raise. `reference` is the same when the same
        message is sent again, for gateways that fold doubles."""


class ConsoleBackend:
    """Prints instead of sending: what there is until a gateway is chosen."""

    def send(self, *, address: str, body: str, reference: str) -> None:
        sys.stdout.write(f"SMS {address} ({reference})\n{body}\n\n")
        sys.stdout.flush()


def backend() -> Backend:
    return cast(Backend, import_string(settings.SMS_BACKEND)())
