"""Two demos run beside each other, and each is found again where it was."""

import socket
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import astuple
from pathlib import Path
from threading import Barrier

import pytest

from brandhound.app.demo_ports import KEPT, DemoPorts, demo_ports, one_demo_at_a_time
from brandhound.core.postgres import CannotStartPostgres


@pytest.fixture
def other_demo() -> Generator[None]:
    """Somebody listens on one of the usual ports."""
    with ExitStack() as listening:
        probe = listening.enter_context(socket.socket())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", DemoPorts().models))
            probe.listen()
        except OSError:
            pass  # Such a demo runs on this machine.
        yield


@pytest.mark.usefixtures("other_demo")
def test_a_second_demo_takes_ports_that_are_free_and_keeps_them(tmp_path: Path) -> None:
    second = demo_ports(tmp_path / "second")
    assert second != DemoPorts()
    assert len(set(astuple(second))) == len(astuple(second))
    assert demo_ports(tmp_path / "second") == second
    assert demo_ports(tmp_path / "third") != second


@pytest.mark.usefixtures("other_demo")
def test_a_demo_that_followed_the_usual_addresses_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "made-up-meta-began").write_text("2026-11-01")
    assert demo_ports(tmp_path) == DemoPorts()


def test_a_demo_folder_that_cannot_be_written_in_is_told_with_what_to_do(tmp_path: Path) -> None:
    # Nobody may write there, not even root: the link leads nowhere.
    (tmp_path / KEPT).symlink_to(tmp_path / "nowhere" / KEPT)
    with pytest.raises(
        CannotStartPostgres, match=r"ports\.json cannot be written: .*; choose another BRANDHOUND_DATA_DIR"
    ):
        demo_ports(tmp_path)


def test_demos_that_begin_in_the_same_moment_get_ports_of_their_own(tmp_path: Path) -> None:
    at_once = Barrier(3)

    def begin(name: str) -> list[socket.socket]:
        at_once.wait()
        with one_demo_at_a_time():
            return [socket.create_server(("127.0.0.1", port)) for port in astuple(demo_ports(tmp_path / name))]

    with ThreadPoolExecutor(3) as demos, ExitStack() as listening:
        for served in demos.map(begin, ("first", "second", "third")):
            for server in served:
                listening.enter_context(server)
