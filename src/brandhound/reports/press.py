"""Sets one report: words and figures as JSON on standard input, PDF on standard output.

A process of its own for each print. Typst remembers what it set before, some 30 MB a report, and would keep that in the
web process; and a print that goes wrong can be stopped. It imports nothing of ours, so that it begins at once.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from typst import PDFStandard

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


def press(data: str) -> bytes:
    """The PDF."""
    try:
        # PDF/UA-1, which every reader for the blind understands …
        return _compiled(data, ["ua-1"])
    except typst.TypstError:
        # … but which forbids a letter that none of our fonts has. It is printed as a box then, tagged all the same.
        return _compiled(data, [])


def _compiled(data: str, standards: list[PDFStandard]) -> bytes:
    """No network, no font of the machine, and no file but the template and the fonts beside it."""
    compiler = typst.Compiler(
        (HERE / "report.typ").read_bytes(),
        root=FONTS,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        # A package would be looked for on disk and then downloaded: there is none, and the template names none.
        package_path=FONTS,
        package_cache_path=FONTS,
    )
    made_at = datetime.datetime(*json.loads(data)["date"], tzinfo=datetime.UTC)
    printed = compiler.compile(format="pdf", pdf_standards=standards, timestamp=made_at)
    if not isinstance(printed, bytes):
        raise TypeError("a PDF is one file")
    return printed


if __name__ == "__main__":
    sys.stdout.buffer.write(press(sys.stdin.buffer.read().decode()))
