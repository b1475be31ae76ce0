"""An organization's own looks on its reports: a colour that can be read, a logo, words at the foot."""

import base64
import io
from dataclasses import dataclass
from functools import cached_property

from brandhound.core.files import files
from brandhound.reports.document import ReportDocument
from brandhound.reports.errors import ColorTooPale, LogoTooLarge, LogoUnreadable
from brandhound.reports.vector_logos import draw, is_drawing

COLOR = "#1d4ed8"
"""As reports come."""
READABLE = 4.5
"""Contrast that text needs (WCAG 2.2, 1.4.3; read 2026-11-20)."""
MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000
_KEPT_WIDTH, _KEPT_HEIGHT = 1200, 400
_TINT = 0.08

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Looks:
    """What a page needs to look like its organization."""

    color: str
    tint: str
    footer: str
    logo: bytes
    logo_type: str
    logo_width: int
    logo_height: int
    organization: str

    @cached_property
    def logo_base64(self) -> str:
        return base64.b64encode(self.logo).decode()


@dataclass(frozen=True)
class Logo:
    """A picture that was read, and written anew: nothing is in it but the picture."""

    data: bytes
    media_type: str
    width: int
    height: int


def looks_of(document: ReportDocument) -> Looks | None:
    """How the document is to look; None: as reports come."""
    branding = document.presentation.branding if document.presentation else None
    if branding is None:
        return None
    logo = b""
    if branding.logo_sha256:
        try:
            logo = files().get(branding.logo_sha256)
        except FileNotFoundError:
            logo = b""
    return Looks(
        color=branding.color,
        tint=tint_of(branding.color),
        footer=branding.footer,
        logo=logo,
        logo_type=branding.logo_type or "",
        logo_width=branding.logo_width or 1,
        logo_height=branding.logo_height or 1,
        organization=document.organization_name,
    )


def check_color(color: str) -> float:
    """Its contrast as text on its own tint, where it is least. Raises ColorTooPale."""
    found = contrast_of(color)
    if found < READABLE:
        raise ColorTooPale(round(found, 2), READABLE, darker(color))
    return found


def contrast_of(color: str) -> float:
    """Of the colour as text on its tint, rounded down: what is shown as enough is enough."""
    return int(_contrast(_rgb(color), _rgb(tint_of(color))) * 100) / 100


def tint_of(color: str) -> str:
    """The ground of the head: the colour, thinned with white."""
    return _hex([round(255 - (255 - part) * _TINT) for part in _rgb(color)])


def darker(color: str) -> str:
    """The nearest darker colour of the same hue that can be read."""
    for step in range(100):
        found = _hex([round(part * (100 - step) / 100) for part in _rgb(color)])
        if contrast_of(found) >= READABLE:
            return found
    return "#000000"


def read_logo(data: bytes) -> Logo:
    """A PNG or JPEG, drawn anew: what else a file may carry (places, scripts, other files) is left behind.

    Of an SVG the plain shapes are drawn. Raises LogoTooLarge, LogoUnreadable or LogoNotPlain. Takes some tenths of a second;
    call it in a thread.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise LogoTooLarge(MOST_BYTES, MOST_PIXELS)
    if is_drawing(data):
        data = draw(data, _KEPT_WIDTH, _KEPT_HEIGHT)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            # The size stands in the head of the file: a small file that unfolds to gigabytes is turned away unread.
            if max(picture.size) > MOST_PIXELS:
                raise LogoTooLarge(MOST_BYTES, MOST_PIXELS)
            kind = picture.format
            picture.load()
            # What says how to turn it is left behind with the rest: it is turned now.
            drawn = ImageOps.exif_transpose(picture).convert("RGBA" if kind == "PNG" else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoUnreadable from error
    # Comments, colour profiles and the like would be written again with the picture.
    drawn.info.clear()
    drawn.thumbnail((_KEPT_WIDTH, _KEPT_HEIGHT))
    written = io.BytesIO()
    if kind == "PNG":
        drawn.save(written, "PNG", optimize=True)
        return Logo(written.getvalue(), "image/png", *drawn.size)
    drawn.save(written, "JPEG", quality=90)
    return Logo(written.getvalue(), "image/jpeg", *drawn.size)


def _rgb(color: str) -> Rgb:
    red, green, blue = bytes.fromhex(color.lstrip("#"))
    return red, green, blue


def _hex(parts: list[int]) -> str:
    return "#" + bytes(parts).hex()


def _contrast(one: Rgb, other: Rgb) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Rgb) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
