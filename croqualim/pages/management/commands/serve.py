import os
import signal
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Serve the site, and beside it the worker that sends messages."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=1)

    def handle(self, *, host: str, port: int, workers: int, **options: object) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
        server += ["--host", host, "--port", str(port), "--workers", str(workers), "--no-log"]
        mail = [sys.executable, "-m", "django", "work"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.stdout.write(self.style.SUCCESS(f"Croqualim : {settings.SITE_URL}"))
        self.stdout.flush()
        signal.signal(signal.SIGTERM, _stop)
        processes = [
            subprocess.Popen(command, env=environment)  # noqa: S603
            for command in (server, mail)
        ]
        try:
            processes[0].wait()
        except KeyboardInterrupt:
            pass
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
