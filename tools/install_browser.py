"""Make sure that a Chromium is there for the browser tests: apt installs it where it can.

    python -m tools.install_browser

Exit status 1, with what to do, when there is none and none can be installed.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    return next(filter(None, (shutil.which(name) for name in NAMES)), None)


def main() -> int:
    if find():
        return 0
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo"]
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-q", "-y", "chromium"],
        ):
            subprocess.call([*root, "apt-get", *command])  # noqa: S603
    if find():
        return 0
    print("The browser tests need Chromium: install it, then run make test again.", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
