"""What can be done about a failure, by its code: dead letters are listed, counted and replayed by this."""

CLASSES: dict[str, str] = {
    "dns": "network",
    "refused": "network",
    "connection": "network",
    "timeout": "network",
    "tls": "network",
    "tls-expired": "network",
    "robots-unreachable": "network",
    "core/database-away": "network",
    "core/storage-full": "storage",
    "rate-limited": "slow_down",
    "server-error": "backoff",
    "jobs/timed-out": "time",
    "jobs/poison": "poison",
    "jobs/lost": "lost",
    "jobs/bad-parameters": "config",
    "jobs/unknown-job": "config",
    "jobs/bad-handover": "config",
    "jobs/result-too-large": "fatal",
}
"""Codes that are not here, and that bring no class of their own, are `fatal`: trying again alone does not help."""


BEGIN_ANEW = ("jobs/bad-parameters", "jobs/unknown-job", "jobs/bad-handover")
"""After these a replay does not go on after the steps that were finished: what they remember may be what is wrong."""


def class_of(code: str, error: Exception | None = None) -> str:
    """The class of a failure: its own if it has one (a provider's), or by its code."""
    own = getattr(error, "error_class", None)
    if isinstance(own, str):
        return own
    head, _, tail = code.partition("/")
    return CLASSES.get(code) or (tail if head == "providers" else "fatal")
