"""What is wrong with a table that somebody brings in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell."""

    row: int
    """As a person counts them in the table, from 1."""
    column: str
    said: str
    problem: str
