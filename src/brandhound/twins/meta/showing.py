"""The made-up CDN: pictures and videos for those who have a fresh address."""

import io
from collections.abc import Iterator, Mapping

from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from PIL import Image

from brandhound.twins.meta.drawing import draw_picture, draw_video
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.numbering import id_of
from brandhound.twins.meta.pictures import shape_of
from brandhound.twins.meta.writing import body_of

GIGABYTE = 1024**3
PIECE = bytes(256 * 1024)


def show(kept: Kept, kind: str, ordinal: int, name: str, given: Mapping[str, str]) -> Response:
    """A picture or a video, or what is wrong with its address."""
    path, size = f"/cdn/{kind}/{ordinal}/{name}", given.get("stp", "dst-full").removeprefix("dst-")
    size = "" if size == "full" else size
    if wrong := kept.cdn.verdict(path, size, given.get("oe", "0"), given.get("oh", "")):
        return PlainTextResponse(wrong, 403)
    account = next((a for a in kept.owners.accounts.values() if a.ordinal == ordinal), None)
    if account is None or path in kept.cdn.gone:
        return PlainTextResponse("Not found", 404)
    world, index = kept.worlds.of(account), int(name.partition(".")[0])
    latents = world.latents
    creative = index if index < latents.size else (index - latents.size) // 4
    words = body_of(world, creative)
    headers = {"cache-control": "max-age=1209600, no-transform", "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    if kind == "video":
        name = id_of("video", ordinal, index)
        if name in kept.cdn.bodies:
            return Response(kept.cdn.bodies[name], 200, headers, "video/mp4")
        if name in kept.cdn.huge:
            return StreamingResponse(_huge(), media_type="video/mp4", headers={"content-length": str(2 * GIGABYTE)})
        return Response(draw_video(ordinal, index, int(latents.seconds[index]), words), 200, headers, "video/mp4")
    picture = draw_picture(ordinal, index, *shape_of(index), words)
    return Response(_sized(picture, size) if size else picture, 200, headers, "image/jpeg")


def _sized(picture: bytes, size: str) -> bytes:
    width, height = (min(max(int(part), 1), 2048) for part in size.split("x"))
    image = Image.open(io.BytesIO(picture))
    image.thumbnail((width, height))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def _huge() -> Iterator[bytes]:
    """Two gigabytes, of which nobody should read more than they allow themselves."""
    for _ in range(2 * GIGABYTE // len(PIECE)):
        yield PIECE
