"""Whatever a film is made of, it takes no worker down, and it is said why it could not be read."""

import hashlib
import io
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest

from brandhound.ads.assets.looking import NotReadable
from brandhound.ads.assets.media_pool import look_at_video, media_pool
from brandhound.core.confining.pool import WorkFailed
from brandhound.core.files import files
from brandhound.twins.meta import MetaTwin
from tests.ad_syncing.accounts import Connected, rows, sync


def black(width: int, height: int, frames: int) -> bytes:
    """One frame that says nothing, told again and again: small to keep, and much work to read."""
    written = io.BytesIO()
    with av.open(written, "w", format="mov") as opened:
        container = cast(Any, opened)
        stream = container.add_stream("png", rate=150)
        stream.width, stream.height, stream.pix_fmt = width, height, "gray"
        picture = av.VideoFrame.from_ndarray(np.zeros((height, width), np.uint8), format="gray")
        body = b"".join(bytes(packet) for packet in (*stream.encode(picture), *stream.encode()))
        for number in range(frames):
            packet = av.Packet(body)
            packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, number, number, True
            packet.time_base = Fraction(1, 150)
            container.mux(packet)
    return written.getvalue()


def cut(film: bytes) -> bytes:
    """Half of it."""
    return film[: len(film) // 2]


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "words": lambda: b"this is no film " * 1000,
    "a head without a body": lambda: box(b"ftyp", b"isom\0\0\2\0isomiso2") + box(b"moov", b""),
    "boxes in boxes": lambda: box(b"ftyp", b"isom\0\0\2\0") + b"".join([struct.pack(">I", 2**31 - 1) + b"moov"] * 5000),
    "too many pixels": lambda: black(9000, 9000, 2),
    "cut in half": lambda: cut(black(640, 360, 4)),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_no_film_is_not_readable(name: str, tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(HOSTILE[name]())
    with pytest.raises((NotReadable, WorkFailed)) as caught:
        await look_at_video(film)
    assert caught.value.code in ("ads/not-readable", "media-too-big", "media-crashed-the-parser")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A film may take a second and a half."""
    monkeypatch.setattr(media_pool(), "wall_limit", 1.5)


async def test_a_film_that_takes_for_ever_is_given_up_and_the_next_ones_are_read(
    meta: MetaTwin, shop: Connected, impatient: None
) -> None:
    await sync(shop)
    # One that ads show, and that can be had.
    await sync(shop, max_videos=50)
    fine = "select external_id from ad_assets where kind = 'video' and state = 'downloaded' order by external_id"
    slow, broken, *others = [name for (name,) in await rows(shop, fine)]
    assert others
    await rows(shop, "delete from ad_assets returning 1")
    await rows(shop, "delete from ad_syncs returning 1")
    meta.kept.cdn.bodies = {slow: black(7680, 4320, 150), broken: b"\0" * 5000}
    try:
        run = await sync(shop, max_videos=50)
    finally:
        meta.kept.cdn.bodies = {}
    assert run.state == "done"
    found = {
        name: (state, reason, sha256)
        for name, state, reason, sha256 in await rows(
            shop, "select external_id, state, reason, sha256 from ad_assets where kind = 'video'"
        )
    }
    assert found[slow] == ("failed", "media_too_slow", None)
    assert found[broken] == ("failed", "not_readable", None)
    assert {found[name][0] for name in others} == {"downloaded"}
    # What nobody can look at is not kept.
    for body in (black(7680, 4320, 150), b"\0" * 5000):
        assert not files().has(hashlib.sha256(body).hexdigest())
    told = await rows(shop, "select state, outcome from runs where job = 'ads.assets' order by id desc limit 1")
    assert told[0][0] == "partial"
    assert "it takes too long to read (1)" in told[0][1]
