"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562)."""

import os
import time
from uuid import UUID

NOBODY = UUID(int=0)
"""Stands for no organization in particular."""


def uuid7() -> UUID:
    """48 bits of Unix milliseconds, then randomness: index-friendly and unguessable enough for a row, not for a secret."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=value & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x7000 << 64 | 0x8000 << 48)
