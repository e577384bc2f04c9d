"""Build the virtual environment from the hashed lock. Runs on a bare Python 3.11+.

    python3 tools/make_env.py .venv requirements.lock

Debian splits the standard library: without its python3-venv package, `venv` has no pip. Say so.
"""

import subprocess
import sys
import venv
from pathlib import Path


def main(folder: str, lock: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this file must start on an old Python to say so)
        sys.exit(f"Croqualim needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    python = Path(folder) / "bin" / "python"
    if not python.exists() or subprocess.call([str(python), "-m", "pip", "--version"]):  # noqa: S603
        try:
            venv.EnvBuilder(with_pip=True, clear=True).create(folder)
        except subprocess.CalledProcessError:
            sys.exit("This Python cannot make an environment: on Debian, install python3-venv.")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", lock], check=True)  # noqa: S603
    subprocess.run([*install, "--no-deps", "--no-build-isolation", "-e", "."], check=True)  # noqa: S603


if __name__ == "__main__":
    main(*sys.argv[1:])
