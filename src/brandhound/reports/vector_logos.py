"""Logos that are drawings (SVG): only plain shapes are taken, and drawn at once, so that no drawing is ever kept or sent.

SVG is a language with scripts, styles, links and other files in it. What is not on the list here is refused by name, except what
draws nothing: then it is left out.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from threading import BoundedSemaphore
from xml.etree import ElementTree

from brandhound.reports import vector_press
from brandhound.reports.errors import LogoNotPlain, LogoUnreadable

_SVG = "http://www.w3.org/2000/svg"
_DRAWS = frozenset((
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "linearGradient",
    "radialGradient", "stop", "clipPath",
))  # fmt: skip
_DRAWS_NOTHING = frozenset(("title", "desc", "metadata"))
_ATTRIBUTES = frozenset((
    "id", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "points", "viewBox",
    "transform", "gradientTransform", "gradientUnits", "spreadMethod", "clipPathUnits", "offset", "preserveAspectRatio",
))  # fmt: skip
_LOOKS = frozenset((
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "stop-color", "stop-opacity", "clip-path",
    "clip-rule", "color", "display",
))  # fmt: skip
_VALUE = re.compile(r"[#\w\s.,()%+\-]*")
_LOCAL = re.compile(r"url\(\s*[\"']?#([\w\-.]+)[\"']?\s*\)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_MOST_SHAPES = 5_000
_DEEPEST = 40
_LONGEST = 20.0  # Seconds. A logo takes a tenth of one.
_AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True)
class Drawing:
    """Plain shapes, written anew, and how wide and high they are in units of their own."""

    svg: str
    width: float
    height: float


def is_drawing(data: bytes) -> bool:
    """Whether that is SVG, by its beginning."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in data[:100_000]


def draw(data: bytes, most_width: int, most_height: int) -> bytes:
    """The drawing as a PNG, as large as fits. Raises LogoUnreadable or LogoNotPlain. Waits for a process: call it in a thread."""
    drawing = plain(data)
    scale = min(most_width / drawing.width, most_height / drawing.height)
    asked = {"svg": drawing.svg, "width": drawing.width * scale, "height": drawing.height * scale}
    # -I: neither the environment nor the current folder has a say in what is imported.
    command = [sys.executable, "-I", vector_press.__file__]
    try:
        with _AT_ONCE:
            done = subprocess.run(
                command, input=json.dumps(asked).encode(), capture_output=True, timeout=_LONGEST, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise LogoUnreadable from error
    if done.returncode:
        raise LogoUnreadable
    return done.stdout


def plain(data: bytes) -> Drawing:
    """Only its shapes, written anew. Raises LogoUnreadable or LogoNotPlain."""
    # Entities can unfold to gigabytes, and name files.
    if re.search(rb"<!(?:DOCTYPE|ENTITY)[^>]*(?:\[|ENTITY)", data, re.IGNORECASE):
        raise LogoNotPlain("entities")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise LogoUnreadable from error
    if _name(root) != "svg":
        raise LogoUnreadable
    left = iter(range(_MOST_SHAPES))
    made = _anew(root, 0, left)
    width, height = _size(root)
    made.set("xmlns", _SVG)
    made.set("width", f"{width:g}")
    made.set("height", f"{height:g}")
    return Drawing(ElementTree.tostring(made, "unicode"), width, height)


def _anew(element: ElementTree.Element, depth: int, left: Iterator[int]) -> ElementTree.Element:
    if depth > _DEEPEST or next(left, None) is None:
        raise LogoNotPlain("more shapes than a logo has")
    made = ElementTree.Element(_name(element))
    for name, value in _attributes(element):
        made.set(name, value)
    for child in element:
        name = _name(child)
        if name in _DRAWS_NOTHING or not _is_svg(child):
            continue
        if name not in _DRAWS:
            raise LogoNotPlain(f"<{name}>")
        made.append(_anew(child, depth + 1, left))
    return made


def _attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name == "style":
            for said in value.split(";"):
                prop, colon, of_it = said.partition(":")
                if colon and prop.strip() in _LOOKS:
                    yield prop.strip(), _checked(prop, of_it.strip())
        elif name in _ATTRIBUTES or name in _LOOKS:
            yield name, _checked(name, value.strip())
        elif name in ("href", "{http://www.w3.org/1999/xlink}href"):
            # A gradient may take its colours from another one here; nothing else may be named.
            if not re.fullmatch(r"#[\w\-.]+", value) or not _name(element).endswith("Gradient"):
                raise LogoNotPlain("links")
            yield "href", value
        elif name == "class":
            raise LogoNotPlain("classes of a style sheet")
        elif name.lower().startswith("on"):
            raise LogoNotPlain(name)


def _checked(name: str, value: str) -> str:
    if not _VALUE.fullmatch(_LOCAL.sub("", value)) or "url" in _LOCAL.sub("", value).lower():
        raise LogoNotPlain(f"{name.strip()}={value[:40]!r}")
    return value


def _size(root: ElementTree.Element) -> tuple[float, float]:
    box = [float(number) for number in _NUMBER.findall(root.get("viewBox", ""))]
    if len(box) == 4:
        width, height = box[2], box[3]
    else:
        sides = [_NUMBER.match(root.get(side, "")) for side in ("width", "height")]
        width, height = (float(side.group()) if side else 0.0 for side in sides)
    if not (0 < width < 1e6 and 0 < height < 1e6) or not 1 / 50 <= width / height <= 50:
        raise LogoUnreadable
    return width, height


def _is_svg(element: ElementTree.Element) -> bool:
    return element.tag.startswith(f"{{{_SVG}}}") or "}" not in element.tag


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
