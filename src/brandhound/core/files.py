"""Bodies on disk, named by their SHA-256: the same bytes are stored once, and a name proves its content."""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from brandhound.core.problems import StorageFull
from brandhound.core.settings import settings

UNFINISHED = ".unfinished"
"""The folder of the store, on its file system, in which a file is written before it gets its name."""
ABANDONED_AFTER = 3600.0
"""Seconds after which an unfinished file's writer must have died: none takes longer than its time-out."""

_FULL = (errno.ENOSPC, errno.EDQUOT)


class Incoming:
    """A file that is being written piece by piece. It gets its name, and is there for others, when it is finished."""

    def __init__(self, store: "FileStore", file: BinaryIO) -> None:
        self._store = store
        self._file = file
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, piece: bytes) -> None:
        """Add a piece. Raises StorageFull."""
        with _full_is_named():
            self._file.write(piece)
        self._hash.update(piece)
        self.bytes += len(piece)

    def readable(self) -> Path:
        """Where it lies until it is finished, with all that was written: for whoever looks at it before it is stored."""
        with _full_is_named():
            self._file.flush()
        return Path(self._file.name)

    def finish(self) -> str:
        """Store what was written, and return its hexadecimal SHA-256. Raises StorageFull."""
        sha256 = self._hash.hexdigest()
        target = self._store.path(sha256)
        with _full_is_named():
            self._file.flush()
            if self._store.durable:
                os.fsync(self._file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(self._file.name).replace(target)
        return sha256


@contextmanager
def _full_is_named() -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise


class FileStore:
    """A folder of content-addressed files."""

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root = root
        self.durable = durable

    def path(self, sha256: str) -> Path:
        """Where the file with this hexadecimal SHA-256 is, or would be."""
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("not a SHA-256 in hexadecimal")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self.path(sha256).read_bytes()

    def put(self, data: bytes) -> str:
        """Store, and return the hexadecimal SHA-256. A reader never sees half a file; repeating costs nothing.

        Raises StorageFull when the disk is; then nothing is left behind.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if self._is_known(target):
            return sha256
        temporary: str | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self.root / UNFINISHED
            unfinished.mkdir(exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=unfinished)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                if self.durable:
                    file.flush()
                    os.fsync(file.fileno())
            Path(temporary).replace(target)
        except OSError as error:
            if temporary:
                with suppress(FileNotFoundError):
                    Path(temporary).unlink()
            if error.errno in _FULL:
                raise StorageFull from error
            raise
        return sha256

    def drop(self, sha256: str, unused_since: float) -> bool:
        """Remove a file that nothing refers to, unless it was stored again since that moment (seconds of the epoch).

        Whether it was there. Safe to repeat.
        """
        path = self.path(sha256)
        try:
            if path.stat().st_mtime >= unused_since:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    @staticmethod
    def _is_known(target: Path) -> bool:
        """Whether it is here; it counts as stored again now, so that nobody removes it who thought it unused."""
        try:
            os.utime(target)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def incoming(self) -> Generator[Incoming]:
        """Write a file that is too large to be held at once. What is not finished leaves nothing behind."""
        unfinished = self.root / UNFINISHED
        with _full_is_named():
            unfinished.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=unfinished)
        try:
            # Named by its path, which `finish` moves away.
            os.close(descriptor)
            with Path(temporary).open("wb") as file:
                yield Incoming(self, file)
        finally:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()

    def sweep(self) -> int:
        """Remove what writers that were killed left unfinished; how many files that was."""
        oldest = time.time() - ABANDONED_AFTER
        swept = 0
        for path in (self.root / UNFINISHED).glob("*"):
            # Another process may be sweeping too, or finish its file this very moment.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    swept += 1
        return swept


@lru_cache(maxsize=1)
def files() -> FileStore:
    """The store of this installation, in the data directory."""
    return FileStore(settings().data_dir / "files")
