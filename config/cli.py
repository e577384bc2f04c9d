"""The `croqualim` command: every management command, with hyphens (`import-communes`)."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    program, *arguments = sys.argv
    if arguments:
        arguments[0] = arguments[0].replace("-", "_")
    execute_from_command_line([program, *arguments])
