import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

PATIENCE_SECONDS = 20


class Command(BaseCommand):
    help = "Serve the site, and beside it the worker that sends messages."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=1, help="processes")
        parser.add_argument("--threads", type=int, default=1, help="in each of them")

    def handle(
        self, *, host: str, port: int, workers: int, threads: int, **options: object
    ) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
        server += ["--host", host, "--port", str(port), "--workers", str(workers), "--no-log"]
        server += ["--blocking-threads", str(threads)]
        mail = [sys.executable, "-m", "django", "work"]
        environment = {"DJANGO_SETTINGS_MODULE": "config.settings", **os.environ}
        self.stdout.write(self.style.SUCCESS(f"Croqualim : {settings.SITE_URL}"))
        self.stdout.flush()
        signal.signal(signal.SIGTERM, _stop)
        processes = [
            subprocess.Popen(command, env=environment)  # noqa: S603
            for command in (server, mail)
        ]
        try:
            status = _first_to_end(processes)
        except KeyboardInterrupt:
            status = 0
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                _see_off(process)
        sys.exit(status)


def _see_off(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:  # it was still starting, and did not hear
        process.kill()
        process.wait()


def _first_to_end(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until either ends: a site without its worker looks well and sends nothing.

    Says its exit status; 128 + its number for a signal, as shells do.
    """
    while True:
        for process in processes:
            if (status := process.poll()) is not None:
                return status if status >= 0 else 128 - status
        time.sleep(0.5)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
