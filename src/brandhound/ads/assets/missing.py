"""Why a picture or a film could not be had, in words."""

_WORDS = {
    "no_page_role": "the page's owner lets nobody download it",
    "over_budget": "it is larger than the megabytes that a sync may fetch",
    "no_address": "Meta tells no address of it",
    "not_told": "Meta does not tell of it",
    "deleted": "it was deleted at Meta",
    "not_accessible": "this connection may not see it",
    "not_readable": "it cannot be read as a film or a picture",
    "media_too_slow": "it takes too long to read",
    "media_too_big": "it takes too much memory to read",
    "media_crashed_the_parser": "it breaks what reads it",
    "expired": "its address had expired",
}


def why_missing(reason: str) -> str:
    """A reason as it is kept with an asset, for people."""
    return _WORDS.get(reason, reason.replace("_", " "))
