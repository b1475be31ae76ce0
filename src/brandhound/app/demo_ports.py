"""Where the made-up world of a demo listens: kept with its data, since feeds and accounts are followed by their address."""

import fcntl
import json
import os
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import gettempdir

from brandhound.core.postgres import CannotStartPostgres, folder_refused

KEPT = "made-up-ports.json"


@dataclass(frozen=True)
class DemoPorts:
    """Ports on loopback, in the order in which they are tried."""

    publishers: int = 8400
    mail: int = 8401
    caught: int = 8402
    models: int = 8403
    meta: int = 8404


@contextmanager
def one_demo_at_a_time() -> Generator[None]:
    """From when ports are looked at until somebody listens there: of two demos begun at once, one waits for the other."""
    with (Path(gettempdir()) / f"brandhound-demo-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def demo_ports(folder: Path) -> DemoPorts:
    """The ports of the demo with its data in that folder: the usual ones, or free ones if another demo has those.

    Chosen once. A demo that was filled before ports were kept has the usual ones. Raises CannotStartPostgres where that folder
    cannot be made or written in, as starting the database in it would.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStartPostgres(folder_refused(error)) from None
    kept = folder / KEPT
    if kept.exists():
        return DemoPorts(**json.loads(kept.read_text()))
    usual = DemoPorts()
    ports = usual if _is_filled(folder) or all(map(_is_free, asdict(usual).values())) else DemoPorts(*_free(5))
    try:
        kept.write_text(json.dumps(asdict(ports)))
    except OSError as error:
        raise CannotStartPostgres(folder_refused(error, is_there=True)) from None
    return ports


def _is_filled(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free(count: int) -> Iterator[int]:
    """So many ports on which nobody listens, all of them different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        yield from [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
