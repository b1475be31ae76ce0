"""The command line in a process of its own, as a person at a terminal meets it."""

import os
import subprocess
import sys

from tests import forks

CLI = "brandhound.app.cli"
_OURS = ("BRANDHOUND_", "DATABASE_URL", "APP_DATABASE_URL", "SYSTEM_DATABASE_URL")


def only(settings: dict[str, str]) -> dict[str, str]:
    """The environment of a process that has these settings of the product and none of the tests'."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)} | settings


def brandhound(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What a command says and how it ends, when it has loaded the product already."""
    done = forks.run(CLI, arguments, only(settings))
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def brandhound_by_itself(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same from nothing: it loads what it needs, and clears up behind itself."""
    command = [sys.executable, "-m", CLI, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=only(settings), timeout=300, check=False)
