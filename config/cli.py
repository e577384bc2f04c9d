"""The `croqualim` command: every management command, with hyphens (`import-communes`).

`croqualim check`, bare, also checks the books; with options it is Django's own check alone.
"""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    program, *arguments = sys.argv
    if arguments:
        arguments[0] = arguments[0].replace("-", "_")
    execute_from_command_line([program, *arguments])
    if arguments == ["check"]:
        execute_from_command_line([program, "check_books"])


if __name__ == "__main__":
    main()
