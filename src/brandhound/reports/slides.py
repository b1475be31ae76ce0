"""The report as slides: the same figures in words, and the charts as charts that can be edited."""

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from brandhound.reports.charts import buckets_of
from brandhound.reports.document import TONES, ReportDocument
from brandhound.reports.laying_out import Card, Layout, Story, lay_out
from brandhound.reports.svg import TONE_COLORS, safe_color
from brandhound.reports.wording import range_text, short_day, shortened

WIDE, HIGH = Inches(13.333), Inches(7.5)
_LEFT, _TOP, _ACROSS = Inches(0.7), Inches(1.55), Inches(11.9)
_INK, _MUTED, _ACCENT = "#0F172A", "#5B6270", "#4338CA"
_MOST_OUTLETS = 12
_STORIES_A_SLIDE = 4


def render_slides(document: ReportDocument) -> bytes:
    """Slides of 16 to 9 that hold nothing but text and charts. Takes some tenths of a second; call it in a thread."""
    return _Slides(document).written()


class _Slides:
    def __init__(self, document: ReportDocument) -> None:
        self.document = document
        self.layout: Layout = lay_out(document)
        # The library's types name neither slides nor shapes.
        self.deck: Any = Presentation()
        self.deck.slide_width, self.deck.slide_height = WIDE, HIGH
        properties = self.deck.core_properties
        properties.title, properties.author = self.layout.title, self.layout.organization
        properties.created = properties.modified = document.generated_at.replace(tzinfo=None)

    def written(self) -> bytes:
        self._first()
        self._figures()
        if not self.layout.empty:
            self._volume()
            self._share()
            self._tone()
            self._outlets()
            for at in range(0, len(self.layout.stories), _STORIES_A_SLIDE):
                self._stories(self.layout.stories[at : at + _STORIES_A_SLIDE])
        self._method()
        written = io.BytesIO()
        self.deck.save(written)
        return written.getvalue()

    def _first(self) -> None:
        slide = self._slide(self.layout.title, size=36, top=Inches(2.3))
        _text(slide, self.layout.kind, _LEFT, Inches(1.8), _ACROSS, 14, _ACCENT, bold=True)
        _text(slide, self.layout.period, _LEFT, Inches(4.1), _ACROSS, 18, _MUTED)
        brands = " · ".join(f"{name} ({kind})" for name, _, kind in self.layout.brands)
        _text(slide, brands, _LEFT, Inches(4.7), _ACROSS, 16, _INK)
        _text(
            slide,
            f"{self.layout.organization} · counted {self.layout.generated}",
            _LEFT,
            Inches(6.7),
            _ACROSS,
            11,
            _MUTED,
        )

    def _figures(self) -> None:
        slide = self._slide("Nothing was heard in these days" if self.layout.empty else "What stands out")
        run = _ACROSS // max(1, len(self.layout.cards))
        for index, card in enumerate(self.layout.cards):
            _figure(slide, card, _LEFT + run * index, run)
        lines = [(line.text, line.source) for line in self.layout.findings]
        _list(slide, lines, _LEFT, Inches(3.4), _ACROSS, Inches(3.6))

    def _volume(self) -> None:
        document = self.document
        buckets = buckets_of(document.volume.days)
        data: Any = CategoryChartData()
        data.categories = [short_day(day) for day in buckets.firsts]
        colors: list[str] = []
        for series in document.volume.series:
            brand = document.brand(series.brand_id)
            data.add_series(brand.name, buckets.sums(series.mentions))
            colors.append(brand.color)
        slide = self._slide(self.layout.volume.title, self.layout.volume.note)
        chart = _chart(slide, XL_CHART_TYPE.LINE, data, self.layout.volume.described)
        for series, color in zip(chart.plots[0].series, colors, strict=True):
            series.smooth = False
            series.format.line.color.rgb = _rgb(color)
            series.format.line.width = Pt(2.25)

    def _share(self) -> None:
        share = self.document.share
        slide = self._slide(self.layout.share.title, self.layout.share.note)
        data: Any = CategoryChartData(number_format="0%" if share.enough else "0")
        rows = list(reversed(share.rows))
        data.categories = [self.document.brand(row.brand_id).name for row in rows]
        values = [(row.share.value or 0.0) if share.enough else row.stories for row in rows]
        data.add_series("Share of voice" if share.enough else "Stories", values)
        chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, self.layout.share.described, legend=False)
        _paint_points(chart, [self.document.brand(row.brand_id).color for row in rows])

    def _tone(self) -> None:
        rows = list(reversed(self.document.tone))
        data: Any = CategoryChartData(number_format="0")
        data.categories = [self.document.brand(row.brand_id).name for row in rows]
        for tone in TONES:
            data.add_series(tone, [next((one.mentions for one in row.counts if one.tone == tone), 0) for row in rows])
        slide = self._slide(self.layout.tone.title, "Texts by tone as they were read; copies of one text count once")
        chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED, data, self.layout.tone.described)
        for series, tone in zip(chart.plots[0].series, TONES, strict=True):
            _fill(series.format, TONE_COLORS[tone])

    def _outlets(self) -> None:
        rows = list(reversed(self.document.outlets[:_MOST_OUTLETS]))
        data: Any = CategoryChartData(number_format="0")
        data.categories = [shortened(row.outlet, 40) for row in rows]
        data.add_series("Mentions", [row.mentions for row in rows])
        slide = self._slide(self.layout.outlets_chart.title, self.layout.outlets_chart.note)
        chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, self.layout.outlets_chart.described, legend=False)
        _paint_points(chart, [_ACCENT] * len(rows))

    def _stories(self, stories: Sequence[Story]) -> None:
        slide = self._slide("Top stories")
        high = Inches(5.6) // _STORIES_A_SLIDE
        for index, story in enumerate(stories):
            top = Inches(1.5) + high * index
            _text(slide, shortened(story.title, 110), _LEFT, top, _ACROSS, 16, _INK, bold=True, link=story.url)
            _text(slide, f"{story.meta} · {story.tone}", _LEFT, top + Inches(0.36), _ACROSS, 11, _MUTED)
            if story.quote:
                words = f"“{shortened(story.quote, 190)}” — {story.quoted}"
                _text(slide, words, _LEFT, top + Inches(0.62), _ACROSS, 13, story.tone_color)

    def _method(self) -> None:
        slide = self._slide("Read with care")
        lines = [(line.text, line.source) for line in self.layout.caveats]
        lines += [(rule, "") for rule in self.layout.method]
        _list(slide, lines, _LEFT, _TOP, _ACROSS, Inches(5.2), size=13)
        _text(slide, f"Document SHA-256 {self.layout.sha256}", _LEFT, Inches(6.9), _ACROSS, 9, _MUTED)

    def _slide(self, title: str, note: str = "", *, size: int = 28, top: int = Inches(0.55)) -> Any:
        """A slide with a title that screen readers and the outline know."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = _LEFT, top, _ACROSS, Inches(0.7 if size < 36 else 1.6)
        shape.text_frame.word_wrap = True
        shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        _write(shape.text_frame.paragraphs[0], title, size, _INK, bold=True)
        if note:
            _text(slide, note, _LEFT, Inches(1.12), _ACROSS, 13, _MUTED)
        if size < 36:
            _text(slide, range_text(self.document.range), Inches(9.6), Inches(0.2), Inches(3.0), 11, _MUTED)
        return slide


def _chart(slide: Any, kind: Any, data: Any, described: str, *, legend: bool = True) -> Any:
    frame = slide.shapes.add_chart(kind, _LEFT, _TOP, _ACROSS, Inches(5.5), data)
    # What a screen reader says of the picture.
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described[:2000])
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = legend
    if legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    else:
        plot = chart.plots[0]
        plot.has_data_labels = True
        plot.gap_width = 60
    chart.font.size = Pt(12)
    chart.font.color.rgb = _rgb(_INK)
    chart.value_axis.major_gridlines.format.line.color.rgb = _rgb("#E2E8F0")
    chart.value_axis.format.line.fill.background()
    return chart


def _paint_points(chart: Any, colors: Sequence[str]) -> None:
    series = chart.plots[0].series[0]
    for index, color in enumerate(colors):
        _fill(series.points[index].format, color)


def _fill(shape: Any, color: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(color)


def _figure(slide: Any, card: Card, left: int, width: int) -> None:
    _text(slide, card.label, left, Inches(1.5), width, 13, _MUTED)
    _text(slide, card.value, left, Inches(1.8), width, 32, _INK, bold=True)
    change = " ".join(part for part in (card.change, card.against) if part)
    _text(slide, change, left, Inches(2.45), width, 12, card.change_color)
    _text(slide, card.note, left, Inches(2.72), width, 11, _MUTED)


def _list(
    slide: Any, lines: Sequence[tuple[str, str]], left: int, top: int, width: int, height: int, *, size: int = 16
) -> None:
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    for index, (words, source) in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size / 2)
        _write(paragraph, f"• {words}", size, _INK)
        if source:
            _write(paragraph, f"  — {source}", size - 3, _MUTED)


def _text(
    slide: Any,
    words: str,
    left: int,
    top: int,
    width: int,
    size: int,
    color: str,
    *,
    bold: bool = False,
    link: str = "",
) -> None:
    if not words:
        return
    box = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Pt(size * 1.6))
    box.text_frame.word_wrap = True
    run = _write(box.text_frame.paragraphs[0], words, size, color, bold=bold)
    if link:
        run.hyperlink.address = link


def _write(paragraph: Any, words: str, size: float, color: str, *, bold: bool = False) -> Any:
    run = paragraph.add_run()
    run.text = words
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.color.rgb = _rgb(color)
    return run


def _rgb(color: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(safe_color(color).lstrip("#")))
