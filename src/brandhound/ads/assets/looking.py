"""What a picture or a film is: its size, how long it is, and how it looks in 64 bits.

Done in a process that can be killed: decoders of films are large programs in C, and the bytes are strangers'.
"""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

MOST_PIXELS = 100_000_000
MOST_PIXELS_OF_A_FILM = 36_000_000
"""Of one of its frames: a little more than what is sold as 8K."""
_SIDE = 32
_POSTER_SIDE = 1280


class NotReadable(Exception):
    """The bytes are no picture, or no film, that we can read."""

    code = "ads/not-readable"


@dataclass(frozen=True)
class ImageLook:
    """A picture, looked at."""

    width: int
    height: int
    phash: str
    dhash: str
    content_type: str


@dataclass(frozen=True)
class VideoLook:
    """A film, looked at; with a still from where it has begun to show something."""

    width: int
    height: int
    seconds: float | None
    poster: bytes
    poster_look: ImageLook
    content_type: str


def ready() -> None:
    """Nothing: what reads them was loaded with this module."""


def image(_: bytes, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in a file, as plain data. Raises NotReadable."""
    return asdict(look_at_image(Path(facts["path"])))


def film(_: bytes, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The film in a file, as plain data. Raises NotReadable."""
    return asdict(look_at_video(Path(facts["path"])))


def look_at_image(path: Path) -> ImageLook:
    """Raises NotReadable."""
    try:
        with Image.open(path) as image:
            return _look(image)
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        raise NotReadable(f"{type(error).__name__}: {error}") from error


def look_at_video(path: Path) -> VideoLook:
    """Raises NotReadable."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise NotReadable("there is no moving picture in it")
            stream = container.streams.video[0]
            seconds = float(container.duration / av.time_base) if container.duration else None
            # One thread: each would have frames of its own in the memory that all of it may take.
            stream.thread_count = 1
            if stream.codec_context.width * stream.codec_context.height > MOST_PIXELS_OF_A_FILM:
                raise NotReadable(f"{stream.codec_context.width} by {stream.codec_context.height} pixels are too many")
            frame = _telling_frame(container, seconds)
            width, height = stream.codec_context.width, stream.codec_context.height
            kind = str(container.format.name).split(",")[0]
    except (FFmpegError, OSError, ValueError) as error:
        if isinstance(error, MemoryError):
            raise
        raise NotReadable(f"{type(error).__name__}: {error}") from error
    frame.thumbnail((_POSTER_SIDE, _POSTER_SIDE))
    written = io.BytesIO()
    frame.save(written, "JPEG", quality=85)
    return VideoLook(
        width, height, seconds, written.getvalue(), _look(frame), f"video/{'mp4' if kind == 'mov' else kind}"
    )


def _telling_frame(container: InputContainer, seconds: float | None) -> Image.Image:
    """The first picture of the first seconds that is not all of one shade, else the first one."""
    first: Image.Image | None = None
    for count, frame in enumerate(container.decode(video=0)):
        image = cast("Image.Image", frame.to_image())  # pyright: ignore[reportUnknownMemberType]
        first = first or image
        if float(np.asarray(image.convert("L").resize((16, 16)), dtype=np.float64).std()) > 8:
            return image
        if count > 150 or (seconds is not None and frame.time > 3):
            break
    if first is None:
        raise NotReadable("it has no frame")
    return first


def _look(image: Image.Image) -> ImageLook:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise NotReadable(f"{width} by {height} pixels are too many")
    kind = f"image/{(image.format or 'jpeg').lower()}"
    gray = image.convert("L")
    return ImageLook(width, height, _phash(gray), _dhash(gray), kind)


def _phash(gray: Image.Image) -> str:
    """The 64 lowest frequencies against their median: what stays when a picture is scaled, packed or brightened."""
    pixels = np.asarray(gray.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS), dtype=np.float64)
    waves = _cosines() @ pixels @ _cosines().T
    low = waves[:8, :8].flatten()
    return _hex(low > np.median(low[1:]))


def _dhash(gray: Image.Image) -> str:
    """Whether each part is brighter than the one beside it."""
    pixels = np.asarray(gray.resize((9, 8), Image.Resampling.LANCZOS), dtype=np.int16)
    return _hex((pixels[:, 1:] > pixels[:, :-1]).flatten())


def _cosines() -> NDArray[np.float64]:
    """The matrix of the discrete cosine transform (type II)."""
    steps = np.arange(_SIDE)
    matrix = np.cos(np.pi / _SIDE * np.outer(steps, steps + 0.5))
    matrix[0] /= np.sqrt(2)
    return matrix * np.sqrt(2 / _SIDE)


def _hex(bits: NDArray[np.bool_]) -> str:
    return np.packbits(bits).tobytes().hex()


def differing_bits(first: str, second: str) -> int:
    """How many of 64 bits differ: few for pictures that look alike."""
    return (int(first, 16) ^ int(second, 16)).bit_count()
