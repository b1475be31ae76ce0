"""The report as slides: the same figures in words, and the charts as charts that can be edited."""

import io
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from brandhound.reports.charts import buckets_of, spoken_of
from brandhound.reports.document import TONES, ReportDocument
from brandhound.reports.laying_out import Layout, lay_out
from brandhound.reports.pieces import Card, Story
from brandhound.reports.sections import Section, chart_for
from brandhound.reports.svg import TONE_COLORS, safe_color
from brandhound.reports.whiskers import add_whiskers
from brandhound.reports.wording import range_text, short_day, shortened

WIDE, HIGH = Inches(13.333), Inches(7.5)
_LEFT, _TOP, _ACROSS = Inches(0.7), Inches(1.55), Inches(11.9)
_INK, _MUTED, _ACCENT = "#0F172A", "#5B6270", "#4338CA"
_MOST_OUTLETS = 12
_STORIES_A_SLIDE = 4
_ROWS_A_SLIDE = 14
_SIGNS_A_SLIDE = 900
_SHORTEST = 65
"""A paragraph takes the room of so many characters at least: fourteen of one line fill a slide."""
_SIGNS_OVER_SOURCES, _SOURCES_UNDER, _SOURCES_A_SLIDE = 520, 9, 20
_LONGEST_PROPERTY = 255
"""Characters; the library refuses more."""


def render_slides(document: ReportDocument) -> bytes:
    """Slides of 16 to 9 that hold nothing but text and charts. Takes some tenths of a second; call it in a thread."""
    return _Slides(document).written()


class _Slides:
    def __init__(self, document: ReportDocument) -> None:
        self.document = document
        self.layout: Layout = lay_out(document)
        self.accent = self.layout.looks.color if self.layout.looks else _ACCENT
        # The library's types name neither slides nor shapes.
        self.deck: Any = Presentation()
        self.deck.slide_width, self.deck.slide_height = WIDE, HIGH
        properties = self.deck.core_properties
        properties.title = shortened(self.layout.title, _LONGEST_PROPERTY)
        properties.author = shortened(self.layout.organization, _LONGEST_PROPERTY)
        properties.created = properties.modified = document.generated_at.replace(tzinfo=None)

    def written(self) -> bytes:
        self._first()
        for section in self._in_order():
            self._section(section)
        self._method()
        written = io.BytesIO()
        self.deck.save(written)
        return written.getvalue()

    def _in_order(self) -> list[Section]:
        """As the template says; the standard slides tell the outlets, which are a chart there, before the stories."""
        sections, presentation = self.layout.sections, self.document.presentation
        if presentation is not None and presentation.template is not None:
            return sections
        return sorted(sections, key=lambda section: {"outlets": 1, "stories": 2}.get(section.kind, 0))

    def _section(self, section: Section) -> None:
        """Its slides. Lists of mentions are for paper and tables, and findings stand under the figures if there are any."""
        kinds = [one.kind for one in self.layout.sections]
        match section.kind:
            case "figures":
                is_first = next(one for one in self.layout.sections if one.kind == "figures") is section
                self._figures(section.cards, told=(is_first and "findings" in kinds) or self.layout.empty)
            case "findings" if "figures" not in kinds:
                self._told(section.heading, [(line.text, line.source) for line in section.lines], mark="• ")
            case "chart" if section.chart is not None:
                self._charts[section.chart.name]()
            case "outlets":
                self._outlets()
            case "stories":
                for at in range(0, len(section.stories), _STORIES_A_SLIDE):
                    self._stories(section.heading, section.stories[at : at + _STORIES_A_SLIDE])
            case "text":
                self._told(section.heading or "In words", [(paragraph, "") for paragraph in section.paragraphs])
            case "summary":
                self._summary(section)
            case "comparison":
                head = ("Figure", "Now", "Before", "Difference", "90 % interval", "Verdict")
                rows = [
                    (row.label, row.value, row.before, row.difference, row.interval, row.verdict)
                    for row in section.compared
                ]
                self._rows(section, head, rows)
            case "share_of_voice":
                head = ("Brand", "Stories", "Share", "90 % interval", "Change")
                rows = [(row.name, row.stories, row.share, row.interval, row.change) for row in section.shares]
                self._rows(section, head, rows)
            case "topics":
                head = ("About", "What it is", "Texts", "Share", "90 % interval", "Positive", "Negative")
                rows = [
                    (
                        row.title,
                        row.sort,
                        f"{row.mentions} {row.maybe}".strip(),
                        row.share,
                        row.interval,
                        row.positive,
                        row.negative,
                    )
                    for row in section.topics
                ]
                self._rows(section, head, rows)
            case _:
                pass

    def _told(self, heading: str, lines: Sequence[tuple[str, str]], note: str = "", *, mark: str = "") -> None:
        for page in _pages(lines, _SIGNS_A_SLIDE) or [[]]:
            _list(self._slide(heading, note), page, _LEFT, _TOP, _ACROSS, Inches(5.4), mark=mark)

    def _rows(self, section: Section, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        for at in range(0, max(1, len(rows)), _ROWS_A_SLIDE):
            slide = self._slide(section.heading, section.note)
            if rows:
                _table(slide, head, rows[at : at + _ROWS_A_SLIDE])

    def _summary(self, section: Section) -> None:
        """Sentences over their sources, if both have room on one slide; else each on slides of their own."""
        lines = [
            (sentence.text, " ".join(f"[{number}]" for number in sentence.numbers)) for sentence in section.sentences
        ]
        sources = [(f"[{one.number}] {shortened(one.title, 110)}", one.meta) for one in section.sources]
        if len(_pages(lines, _SIGNS_OVER_SOURCES)) <= 1 and len(sources) <= _SOURCES_UNDER:
            slide = self._slide(section.heading, section.note)
            _list(slide, lines, _LEFT, _TOP, _ACROSS, Inches(3.2), mark="")
            _list(slide, sources, _LEFT, Inches(4.9), _ACROSS, Inches(2.3), size=10, mark="")
            return
        self._told(section.heading, lines, section.note)
        for at in range(0, len(sources), _SOURCES_A_SLIDE):
            page = sources[at : at + _SOURCES_A_SLIDE]
            _list(self._slide(f"{section.heading}: sources"), page, _LEFT, _TOP, _ACROSS, Inches(5.4), size=10, mark="")

    @property
    def _charts(self) -> Mapping[str, Callable[[], None]]:
        return {"volume": self._volume, "share": self._share, "tone": self._tone, "outlets": self._outlets}

    def _first(self) -> None:
        slide = self._slide(self.layout.title, size=36, top=Inches(2.3))
        looks = self.layout.looks
        _text(slide, self.layout.kind, _LEFT, Inches(1.8), _ACROSS, 14, self.accent, bold=True)
        if looks and looks.logo:
            picture = slide.shapes.add_picture(io.BytesIO(looks.logo), _LEFT, Inches(0.7), height=Inches(0.6))
            if picture.width > Inches(4):
                picture.height, picture.width = int(picture.height * Inches(4) / picture.width), Inches(4)
            picture._element.nvPicPr.cNvPr.set("descr", looks.organization[:200])
        if looks and looks.footer:
            _text(slide, looks.footer, _LEFT, Inches(6.95), _ACROSS, 11, _MUTED)
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

    def _figures(self, cards: Sequence[Card], *, told: bool) -> None:
        said = "What stands out" if told else "Figures"
        slide = self._slide("Nothing was heard in these days" if self.layout.empty else said)
        run = _ACROSS // max(1, len(cards))
        for index, card in enumerate(cards):
            _figure(slide, card, _LEFT + run * index, run)
        if told:
            lines = [(line.text, line.source) for line in self.layout.findings]
            _list(slide, lines, _LEFT, Inches(3.4), _ACROSS, Inches(3.6))

    def _volume(self) -> None:
        document, told = self.document, chart_for(self.document, "volume")
        buckets = buckets_of(document.volume.days)
        data: Any = CategoryChartData()
        data.categories = [short_day(day) for day in buckets.firsts]
        colors: list[str] = []
        for series in spoken_of(document):
            brand = document.brand(series.brand_id)
            data.add_series(brand.name, buckets.sums(series.mentions))
            colors.append(brand.color)
        slide = self._slide(told.title, told.note)
        chart = _chart(slide, XL_CHART_TYPE.LINE, data, told.described)
        for series, color in zip(chart.plots[0].series, colors, strict=True):
            series.smooth = False
            series.format.line.color.rgb = _rgb(color)
            series.format.line.width = Pt(2.25)

    def _share(self) -> None:
        share, told = self.document.share, chart_for(self.document, "share")
        slide = self._slide(told.title, told.note)
        data: Any = CategoryChartData(number_format="0%" if share.enough else "0")
        rows = list(reversed(share.rows))
        data.categories = [self.document.brand(row.brand_id).name for row in rows]
        values = [(row.share.value or 0.0) if share.enough else row.stories for row in rows]
        data.add_series("Share of voice" if share.enough else "Stories", values)
        chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, told.described, legend=False)
        _paint_points(chart, [self.document.brand(row.brand_id).color for row in rows])
        if share.enough:
            add_whiskers(chart.plots[0].series[0], [row.share for row in rows], _INK)

    def _tone(self) -> None:
        rows, told = list(reversed(self.document.tone)), chart_for(self.document, "tone")
        data: Any = CategoryChartData(number_format="0")
        data.categories = [self.document.brand(row.brand_id).name for row in rows]
        for tone in TONES:
            counted = [next((one.mentions for one in row.counts if one.tone == tone), 0) for row in rows]
            data.add_series(tone.capitalize(), counted)
        slide = self._slide(told.title, "Texts by tone as they were read; copies of one text count once")
        chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED, data, told.described)
        for series, tone in zip(chart.plots[0].series, TONES, strict=True):
            _fill(series.format, TONE_COLORS[tone])

    def _outlets(self) -> None:
        rows, told = list(reversed(self.document.outlets[:_MOST_OUTLETS])), chart_for(self.document, "outlets")
        data: Any = CategoryChartData(number_format="0")
        data.categories = [shortened(row.outlet, 40) for row in rows]
        data.add_series("Mentions", [row.mentions for row in rows])
        slide = self._slide(told.title, told.note)
        chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, told.described, legend=False)
        _paint_points(chart, [self.accent] * len(rows))

    def _stories(self, heading: str, stories: Sequence[Story]) -> None:
        slide = self._slide(heading)
        high = Inches(5.6) // _STORIES_A_SLIDE
        for index, story in enumerate(stories):
            top = Inches(1.5) + high * index
            _text(slide, shortened(story.title, 110), _LEFT, top, _ACROSS, 16, _INK, bold=True, link=story.url)
            _text(slide, f"{story.meta} · {story.tone}", _LEFT, top + Inches(0.36), _ACROSS, 11, _MUTED)
            if story.quote:
                words = f"“{shortened(story.quote, 190)}” — {story.quoted}"
                _text(slide, words, _LEFT, top + Inches(0.62), _ACROSS, 13, story.tone_words)

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
    slide: Any,
    lines: Sequence[tuple[str, str]],
    left: int,
    top: int,
    width: int,
    height: int,
    *,
    size: int = 16,
    mark: str = "• ",
) -> None:
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    for index, (words, source) in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size / 2)
        _write(paragraph, f"{mark}{words}", size, _INK)
        if source:
            _write(paragraph, f"  — {source}", size - 3, _MUTED)


def _pages(lines: Sequence[tuple[str, str]], most: int) -> list[list[tuple[str, str]]]:
    """Lines on as many slides as they need; one that is too long for a slide is divided between words."""
    pages: list[list[tuple[str, str]]] = []
    room = 0
    for words, source in lines:
        parts = wrap(words, most, break_on_hyphens=False) or [""]
        for part, beside in [*((part, "") for part in parts[:-1]), (parts[-1], source)]:
            takes = max(_SHORTEST, len(part) + len(beside))
            if not pages or takes > room:
                pages.append([])
                room = most
            pages[-1].append((part, beside))
            room -= takes
    return pages


def _table(slide: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; the first column is the widest."""
    shape = slide.shapes.add_table(len(rows) + 1, len(head), _LEFT, _TOP, _ACROSS, Inches(0.36) * (len(rows) + 1))
    table = shape.table
    first = int(_ACROSS * 0.32)
    for at in range(len(head)):
        table.columns[at].width = first if at == 0 else (_ACROSS - first) // (len(head) - 1)
    for at, row in enumerate((head, *rows)):
        for column, words in enumerate(row):
            cell = table.cell(at, column)
            _write(cell.text_frame.paragraphs[0], words, 12, _INK, bold=at == 0)
            _fill(cell, "#F1F5F9" if at == 0 else "#FFFFFF")


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
