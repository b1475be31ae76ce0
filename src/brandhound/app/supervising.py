"""`brandhound up`: database, web server and worker as one thing that starts and stops together."""

import asyncio
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

import psutil

from brandhound.app.database import ensure_database, leave_database, revive_database
from brandhound.app.preparing import prepare_database
from brandhound.core.logs import recording
from brandhound.core.postgres import CannotStartPostgres
from brandhound.core.settings import settings

GRACE = 15.0
_PR_SET_PDEATHSIG = 1
_log = logging.getLogger("brandhound.up")


class PortTaken(RuntimeError):
    """Something else listens there already."""


class Stop(Exception):
    """Somebody asked us to stop."""


def end_with(supervisor: int) -> None:
    """Let this process be told to stop when its supervisor dies, even if that was killed. 0: it has none."""
    if not supervisor:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        sys.exit(0)  # It died before we could ask.


def setup_link() -> str | None:
    """A fresh one-time link that makes the administrator, or None if there is one."""
    from brandhound.core.db import close_engines
    from brandhound.identity.signing_in import new_setup_token

    async def fresh() -> str | None:
        try:
            return await new_setup_token()
        finally:
            await close_engines()

    token = asyncio.run(fresh())
    return f"{address()}/setup?token={token}" if token else None


def address() -> str:
    """Where people reach this installation."""
    host = settings().host
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host
    return settings().public_url or f"http://{shown}:{settings().port}"


def up(*, reload: bool = False, ready: str = "") -> int:
    """Start everything, keep it running, and stop it in order on Ctrl-C or SIGTERM.

    `ready` is a further line to print when the web server answers. Raises PortTaken.
    """
    _check_port()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        print("Starting the database …", flush=True)
        ensure_database(may_make=True)
        # People read what is printed here; the log has it too.
        recording.start("cli", stream=sys.stderr, printed=logging.ERROR)
        prepare_database()
        link = setup_link()
        commands = {"web": ["web", *(["--reload"] if reload else [])], "worker": ["worker"]}
        for name, command in commands.items():
            children[name] = _start(command)
        _wait_until_it_answers(children["web"])
        print(f"\nbrandhound is ready: {address()}", flush=True)
        if link:
            print(f"Make the administrator (this link works once): {link}", flush=True)
        if ready:
            print(ready, flush=True)
        print("Ctrl-C stops everything.\n", flush=True)
        _keep_running(children, commands)
    except Stop:
        print("\nStopping …", flush=True)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(children)
        recording.stop()
        leave_database()
    return 0


def _stop(_: int, __: FrameType | None) -> None:
    raise Stop


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "brandhound.app.cli", *command, "--supervised", str(os.getpid())]
    # A group of its own: Ctrl-C in the terminal reaches us alone, and we stop the children in order.
    return subprocess.Popen(arguments, stdin=subprocess.DEVNULL, start_new_session=True)


def _keep_running(children: dict[str, subprocess.Popen[bytes]], commands: dict[str, list[str]]) -> None:
    started = dict.fromkeys(children, time.monotonic())
    while True:
        time.sleep(0.5)
        _keep_database()
        for name, child in children.items():
            if child.poll() is None:
                continue
            lived = time.monotonic() - started[name]
            print(f"The {name} process ended with code {child.returncode}: starting it again.", flush=True)
            _log.warning("the %s process ended with code %s and is started again", name, child.returncode)
            if lived < 5:
                time.sleep(5 - lived)  # It dies at once: not in a tight circle.
            children[name], started[name] = _start(commands[name]), time.monotonic()


def _keep_database() -> None:
    try:
        if revive_database():
            print("The database server had ended: it was started again.", flush=True)
            _log.warning("the database server had ended and was started again")
    except CannotStartPostgres as error:
        print(f"The database server has ended, and does not start again; the next try is in 10 s. {error}", flush=True)
        time.sleep(10)


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _check_port() -> None:
    host, port = settings().host, settings().port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"{host}:{port} is taken: is brandhound running already? Another port: BRANDHOUND_PORT=8322"
            ) from error


def _wait_until_it_answers(child: subprocess.Popen[bytes]) -> None:
    """Wait until the web server listens; a minute at most. Raises PortTaken."""
    for _ in range(600):
        if child.poll() is not None:
            # Somebody may have come between the look at the port and the server's own: their answer is not ours.
            _check_port()
            raise RuntimeError(f"the web server did not start (code {child.returncode})")
        if _listens(child):
            return
        time.sleep(0.1)
    raise RuntimeError("the web server does not answer")


def _listens(child: subprocess.Popen[bytes]) -> bool:
    """Whether that process, and not another one, listens where the web server should."""
    with suppress(psutil.NoSuchProcess):
        connections = psutil.Process(child.pid).net_connections("tcp")
        return any(each.status == psutil.CONN_LISTEN and each.laddr.port == settings().port for each in connections)
    return False
