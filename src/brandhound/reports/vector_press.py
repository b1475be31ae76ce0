"""Draws one logo: shapes as JSON on standard input, PNG on standard output. A process of its own, that can be stopped.

It imports nothing of ours, so that it begins at once.
"""

import json
import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
PPI = 144.0

_PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt)
"""


def press(svg: str, width: float, height: float) -> bytes:
    """The PNG, so many pixels wide and high. No network, no file."""
    points = 72 / PPI
    compiler = typst.Compiler(
        _PAGE,
        root=FONTS,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"svg": svg, "width": str(width * points), "height": str(height * points)},
        package_path=FONTS,
        package_cache_path=FONTS,
    )
    drawn = compiler.compile(format="png", ppi=PPI)
    if not isinstance(drawn, bytes):
        raise TypeError("a logo is one picture")
    return drawn


if __name__ == "__main__":
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(press(asked["svg"], asked["width"], asked["height"]))
