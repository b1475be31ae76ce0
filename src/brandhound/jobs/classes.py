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


WHAT_TO_DO: dict[str, str] = {
    "jobs/timed-out": "It took longer than it may. Give it more time on its schedule, or less to do at once.",
    "jobs/poison": "Its workers died under it again and again. Look what it was to do, and at the memory of the workers.",
    "jobs/lost": "Nobody knows what became of it, after a restore for instance. What it had finished is kept: run it again.",
    "jobs/bad-parameters": (
        "What it was given does not fit; the sentence names the field. After an update, bring all processes to the same "
        "version, then replay it: it is checked anew."
    ),
    "jobs/unknown-job": "This version has no job of that name. Bring all workers to the same version, then replay it.",
    "jobs/bad-handover": (
        "What one step or job handed over to the next does not fit; the sentence names the field. Bring all processes to the "
        "same version, then replay it: it is checked anew, from its beginning."
    ),
    "jobs/result-too-large": "A step returned more than is remembered. That is a fault of ours: please report it.",
    "jobs/unexpected": "That was not foreseen. The log of the run has the place; under Admin → Errors it is one of its kind.",
    "core/database-away": "The database was away for too long. `brandhound doctor` says what is wrong; then replay it.",
    "core/storage-full": "The disk is full. Make room, then replay it.",
    "rate-limited": "The other side asked us to slow down, however long we waited. Replay it later.",
    "server-error": "The other side kept failing. Replay it when it is well.",
    "dns": "The name of the server cannot be looked up. Check the address, and this machine's DNS.",
    "refused": "The server refuses connections. Replay it when somebody listens there again.",
    "connection": "The connection broke, however often it was made. Check the network in between.",
    "timeout": "The server did not answer in time. Replay it when it does.",
    "tls": "No encrypted connection could be made. The detail says why.",
    "tls-expired": "The server's certificate has expired. Only its owner can mend that, if this machine's date is right.",
    "robots-unreachable": "The site's rules for robots could not be read, so nothing is fetched there. It is looked at again.",
}
"""What a person can do about it, for the reference."""

BEGIN_ANEW = ("jobs/bad-parameters", "jobs/unknown-job", "jobs/bad-handover")
"""After these a replay does not go on after the steps that were finished: what they remember may be what is wrong."""


def class_of(code: str, error: Exception | None = None) -> str:
    """The class of a failure: its own if it has one (a provider's), or by its code."""
    own = getattr(error, "error_class", None)
    if isinstance(own, str):
        return own
    head, _, tail = code.partition("/")
    return CLASSES.get(code) or (tail if head == "providers" else "fatal")
