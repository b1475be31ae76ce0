"""What a process does with memory that it has freed."""

import contextlib
import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of these parameters in glibc's malloc.h."""
_BYTES = 131_072


def give_back_freed() -> None:
    """Have the C library return large blocks to the system as soon as they are freed. Elsewhere than on glibc nothing is done.

    By itself it takes the largest block that was ever freed for the size that is worth keeping (mallopt(3), 2026-11-26): a worker
    that once held an answer of megabytes would keep a hundred of them between small blocks that live on.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        for parameter in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            library.mallopt(parameter, _BYTES)
