"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562)."""

import os
import time
from datetime import datetime
from uuid import UUID

NOBODY = UUID(int=0)
"""Stands for no organization in particular."""


def uuid7() -> UUID:
    """48 bits of Unix milliseconds and 12 of their parts, then randomness: enough for a row, not for a secret.

    The parts (RFC 9562, section 6.2, method 3) keep rows in order that are made within one millisecond.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = milliseconds << 80 | 0x7 << 76 | (rest * 4096 // 1_000_000) << 64
    return UUID(int=value | 0b10 << 62 | int.from_bytes(os.urandom(8)) >> 2)


def first_id_of(at: datetime) -> UUID:
    """What is made from this moment on has no lower identifier."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
