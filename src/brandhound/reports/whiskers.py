"""Intervals on the bars of a slide, which the library does not draw: error bars with lengths of their own."""

from collections.abc import Sequence
from typing import Any

from pptx.oxml import parse_xml

from brandhound.reports.document import Figure

_CHARTS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWINGS = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_whiskers(series: Any, figures: Sequence[Figure], color: str) -> None:
    """Lay each figure's interval over its bar; one without an interval has none. The colour is #rrggbb."""
    ends = [(0.0, 0.0) if one.interval is None else _reach(one, one.interval.low, one.interval.high) for one in figures]
    below, above = _numbers([low for low, _ in ends]), _numbers([high for _, high in ends])
    bars = (
        f'<c:errBars xmlns:c="{_CHARTS}" xmlns:a="{_DRAWINGS}"><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{above}</c:plus><c:minus>{below}</c:minus>'
        f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{color.lstrip("#").upper()}"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"
    )
    # The standard has them before the categories (ECMA-376, part 1, 21.2.2.16).
    series._element.find(f"{{{_CHARTS}}}cat").addprevious(parse_xml(bars))


def _reach(figure: Figure, low: float, high: float) -> tuple[float, float]:
    value = figure.value or 0.0
    return max(0.0, value - low), max(0.0, high - value)


def _numbers(lengths: Sequence[float]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{round(one, 4)}</c:v></c:pt>' for at, one in enumerate(lengths))
    return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(lengths)}"/>{points}</c:numLit>'
