"""`brandhound up` starts everything, keeps it running, and stops it, whatever is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from tests.commands import CLI, brandhound, brandhound_by_itself, only
from tests.ports import free_port

pytestmark = pytest.mark.slow


def soon(what: Callable[[], bool], seconds: float = 120.0) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if what():
            return True
        time.sleep(0.1)
    return False


class Running:
    """An installation that was started, and what it said."""

    def __init__(self, data: Path, port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        environment = only({"BRANDHOUND_DATA_DIR": str(data), "BRANDHOUND_PORT": str(port)})
        with log.open("wb") as output:
            command = [sys.executable, "-m", CLI, "up"]
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)

    def said(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        return "brandhound is ready" in self.said()

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/health", timeout=20).status_code == 200
        except httpx.HTTPError:
            return False

    def child(self, name: str) -> int | None:
        """The number of the living process that does `name`."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if name in child.cmdline():
                    return child.pid
        return None

    def replaced(self, name: str, killed: int) -> Callable[[], bool]:
        return lambda: self.child(name) not in (None, killed)


@contextmanager
def up(data: Path, port: int, log: Path) -> Generator[Running]:
    running = Running(data, port, log)
    try:
        assert soon(running.is_ready, 180), running.said()
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGINT)
            running.process.wait(120)


def test_whatever_is_killed_nothing_is_lost_and_everything_stops(open_folder: Path) -> None:
    data, port = open_folder / "data", free_port()
    with up(data, port, open_folder / "first.log") as running:
        assert "/setup?token=" in running.said()
        assert soon(running.answers)
        for name in ("web", "worker"):
            killed = running.child(name)
            assert killed
            os.kill(killed, signal.SIGKILL)
            assert soon(running.replaced(name, killed))
        assert soon(running.answers)
        os.kill(int((data / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert soon(lambda: "it was started again" in running.said())
        assert soon(running.answers)
        # Nobody reads five hundred lines of where the engine stood when it found no database.
        assert "Traceback" not in running.said()
        children = psutil.Process(running.process.pid).children()
        # The supervisor itself: its children end by themselves, and the database is found running.
        running.process.kill()
        running.process.wait()
        assert soon(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))

    started = time.monotonic()
    with up(data, port, open_folder / "second.log") as again:
        took = time.monotonic() - started
        assert soon(again.answers)
        again.process.send_signal(signal.SIGINT)
        assert again.process.wait(120) == 0
    assert took < 150
    assert not (data / "postgres/data/postmaster.pid").exists()


def test_a_port_that_is_taken_is_told_before_anything_starts(open_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = Running(open_folder / "data", int(taken.getsockname()[1]), open_folder / "log")
        assert running.process.wait(90) == 1
    assert "BRANDHOUND_PORT" in running.said()
    assert "Traceback" not in running.said()
    assert not (open_folder / "data" / "postgres").exists()


def test_a_port_that_is_taken_while_it_starts_is_told_too(open_folder: Path) -> None:
    port = free_port()
    running = Running(open_folder / "data", port, open_folder / "log")
    assert soon(lambda: "Starting the database" in running.said())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert running.process.wait(180) == 1
    assert "BRANDHOUND_PORT" in running.said()
    assert not running.is_ready()


def test_whoever_is_last_to_leave_stops_the_database_and_nobody_else_makes_one(open_folder: Path) -> None:
    data, port = open_folder / "data", free_port()
    settings = {"BRANDHOUND_DATA_DIR": str(data), "BRANDHOUND_PORT": str(port)}
    for command in (
        "web",
        "worker",
        "doctor",
        "runs list",
        "backup b.tar",
        "support-bundle b.zip",
        "reset-password a@b.example",
    ):
        done = brandhound(*command.split(), **settings)
        assert done.returncode == 1, command
        assert f"there is no installation in {data}" in " ".join((done.stdout + done.stderr).split()), command
        assert not (data / "postgres").exists()

    assert "up to date" in brandhound_by_itself("migrate", **settings).stdout
    server = data / "postgres/data/postmaster.pid"
    for name, begun in (("web", "startup complete"), ("worker", "working")):
        log = open_folder / name
        with log.open("wb") as output:
            command = [sys.executable, "-m", CLI, name]
            process = subprocess.Popen(command, stdout=output, stderr=output, env=only(settings))
        try:
            assert soon(lambda log=log, begun=begun: begun in log.read_text().lower()), log.read_text()
            assert server.exists()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        assert not server.exists(), log.read_text()
        assert "Traceback" not in log.read_text()
