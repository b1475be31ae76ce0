"""Lines that wait for the database on disk, within bounds: the oldest go first, and are counted.

A folder holds small files. A process writes into one of its own and keeps it locked meanwhile; a file that nobody has locked is
whole, or its writer is dead: any process may then bring its lines into the database. A line that is brought twice is stored once.
"""

import fcntl
import os
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PARTS = 16
"""Files that fill the folder: so much of it goes at once when it is full."""
SUFFIX = ".jsonl"


class Spool:
    """The waiting lines of this process in a folder that all processes share."""

    def __init__(self, folder: Path, most_bytes: int, name: str) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._part = max(1, most_bytes // PARTS)
        self._name = name
        # A plain descriptor: a file object would have unwritten bytes, which a forked child would write once more.
        self._open: int | None = None
        self._room = 0

    def add(self, lines: Sequence[bytes]) -> int:
        """Keep the lines; returns how many had to go instead: older ones or, on a full disk, these."""
        gone = 0
        kept = 0
        while kept < len(lines):
            try:
                if self._open is None or self._room <= 0:
                    self.close()
                    gone += self._make_room()
                    self._begin()
                batch = _fitting(lines, kept, self._room)
                self._write(b"".join(line + b"\n" for line in batch))
                kept += len(batch)
            except OSError:
                # The disk is full, or closed to us: nothing can be kept, which must stop nobody's work.
                self.close()
                return gone + len(lines) - kept
        return gone

    def close(self) -> None:
        """Let others have what was written. In a forked child: leave the parent's file to the parent."""
        if self._open is not None:
            with suppress(OSError):
                os.close(self._open)
            self._open = None

    def is_empty(self) -> bool:
        """Whether no process left anything here."""
        return not any(self.folder.glob(f"*{SUFFIX}"))

    @contextmanager
    def oldest(self) -> Generator[list[bytes] | None]:
        """The lines of the oldest file that nobody writes; it is removed when the block ends well. None: there is none."""
        for path in self._files():
            with _locked(path) as file:
                if file is None:
                    continue
                # After its last line break there can only be half a line, of a writer that was killed.
                yield file.read().split(b"\n")[:-1]
                path.unlink(missing_ok=True)
                return
        yield None

    def _begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{time.time_ns():020}-{self._name}{SUFFIX}"
        self._open = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._open, fcntl.LOCK_EX)
        self._room = self._part

    def _write(self, data: bytes) -> None:
        assert self._open is not None
        self._room -= len(data)
        while data:
            data = data[os.write(self._open, data) :]

    def _make_room(self) -> int:
        """Remove the oldest files until another one fits; how many lines went with them."""
        gone = 0
        sizes = {path: _size(path) for path in self._files()}
        full = sum(sizes.values()) + self._part - self.most_bytes
        for path, size in sizes.items():
            if full <= 0:
                break
            with _locked(path) as file:
                if file is not None:
                    gone += file.read().count(b"\n")
                    path.unlink(missing_ok=True)
                    full -= size
        return gone

    def _files(self) -> list[Path]:
        """Oldest first: their names begin with the time."""
        return sorted(self.folder.glob(f"*{SUFFIX}"))


def _fitting(lines: Sequence[bytes], start: int, room: int) -> Sequence[bytes]:
    """The lines from `start` on that fit, at least one."""
    end = start
    while end < len(lines) and (room > 0 or end == start):
        room -= len(lines[end]) + 1
        end += 1
    return lines[start:end]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextmanager
def _locked(path: Path) -> Generator[IO[bytes] | None]:
    """The file, locked, or None while somebody else has it or when it is gone."""
    try:
        file = path.open("rb")
    except OSError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        # Between opening and locking, somebody else may have brought it away.
        yield file if path.exists() else None
