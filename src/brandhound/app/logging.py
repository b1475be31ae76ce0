"""Logs on standard output alone, for what runs without a database."""

from brandhound.core.logs import recording


def log_to_stdout() -> None:
    """Send this process's records, and those of the libraries, to standard output. Safe to repeat."""
    recording.start("cli", store=False)
