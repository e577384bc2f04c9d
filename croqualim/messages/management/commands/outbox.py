"""croqualim outbox [--try-again NUMBER …]: what waits, and what never arrived."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from croqualim.messages import queries
from croqualim.messages.actions import try_again as start_over


class Command(BaseCommand):
    help = "Show the messages that wait and those that were given up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--try-again",
            type=int,
            nargs="+",
            default=[],
            metavar="NUMBER",
            help="start over with these, once what was wrong is mended",
        )

    def handle(self, *, try_again: list[int], **options: Any) -> None:
        for message in queries.given_up().filter(pk__in=try_again):
            start_over(message=message, now=now())
        self.stdout.write(f"{queries.waiting().count()} en attente")
        for message in queries.uncertain():
            self.stdout.write(f"n° {message.pk}, {message.address} : peut-être reçu deux fois")
        for message in queries.given_up():
            self.stdout.write(f"n° {message.pk}, {message.address} : {message.last_error}")
