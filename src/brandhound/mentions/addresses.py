"""What addresses say of an article: which domain they lead to, and the words of a path."""

import re
from functools import lru_cache

from brandhound.brands.folding import fold


def points_to(addresses: str, domain: str) -> bool:
    """Whether one of the addresses is of that domain or one below it."""
    at = addresses.find(domain)
    while at >= 0:
        end = at + len(domain)
        if (at == 0 or not (addresses[at - 1].isalnum() or addresses[at - 1] == "-")) and not addresses[
            end : end + 1
        ].isalnum():
            return True
        at = addresses.find(domain, end)
    return False


@lru_cache(maxsize=64)
def slug_of(url: str) -> str:
    """The words of the last part of the path that has several, between hyphens; empty where none has."""
    path = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].split("/")
    last = next((part for part in reversed(path[3:]) if "-" in part or "_" in part), "")
    return f"-{dashed(last.rsplit('.', 1)[0])}-" if last else ""


def dashed(text: str) -> str:
    """Folded words with hyphens between them."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text).replace("'", "")).strip("-")
