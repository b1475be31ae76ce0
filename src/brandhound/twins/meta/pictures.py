"""Addresses of pictures and videos: signed, and good for some days only."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Literal

from brandhound.twins.meta.telling_time import Clock
from brandhound.twins.meta.worlds import AccountWorld

MediaKind = Literal["picture", "video"]
GOOD_FOR = 4 * 86400


@dataclass
class Cdn:
    """Signs addresses and checks them. `huge` names videos of two gigabytes by their id."""

    clock: Clock
    secret: bytes
    seconds: int = GOOD_FOR
    huge: set[str] = field(default_factory=set[str])
    gone: set[str] = field(default_factory=set[str])
    """Paths that are answered with 404."""
    bodies: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """What videos are, by their id, instead of a film that is drawn."""
    stale: int = 0
    """So many of the next addresses have expired when they are told, as in a list that was kept too long."""

    def address(self, base: str, kind: MediaKind, ordinal: int, index: int, size: str = "") -> str:
        """A fresh address. `size` is `WIDTHxHEIGHT`; without one it is as it was uploaded."""
        path = f"/cdn/{kind}/{ordinal}/{index}.{'mp4' if kind == 'video' else 'jpg'}"
        seconds = self.seconds
        if self.stale > 0:
            self.stale, seconds = self.stale - 1, -60
        expires = f"{int(self.clock.now().timestamp()) + seconds:X}"
        return f"{base}{path}?stp=dst-{size or 'full'}&oe={expires}&oh={self._sign(path, size, expires)}"

    def verdict(self, path: str, size: str, expires: str, signature: str) -> str | None:
        """What is wrong with an address; None when nothing is."""
        if not hmac.compare_digest(signature, self._sign(path, size, expires)):
            return "Bad URL hash"
        if int(expires, 16) < self.clock.now().timestamp():
            return "URL signature expired"
        return None

    def _sign(self, path: str, size: str, expires: str) -> str:
        return "00_" + hmac.new(self.secret, f"{path}:{size}:{expires}".encode(), hashlib.sha256).hexdigest()[:28]


def picture_hash(ordinal: int, index: int) -> str:
    """An image's hash, as Meta names it."""
    return hashlib.md5(f"picture:{ordinal}:{index}".encode()).hexdigest()


def shape_of(index: int) -> tuple[int, int]:
    """Width and height of a picture."""
    return ((1080, 1080), (1080, 1350), (1080, 1920), (1200, 628))[index * 7 % 4]


def has_page_owner(index: int) -> bool:
    """Whether a video belongs to a page, so that a token without a role there gets no source of it."""
    return index % 4 == 3


def flexible_pictures(world: AccountWorld, creative: int) -> list[int]:
    """The pictures of a flexible ad: its own, and four more."""
    return [int(world.latents.image[creative]), *(world.latents.size + creative * 4 + k for k in range(4))]
