"""The workbook of a report. Every text stays text: no formula, no link that a spreadsheet would follow by itself."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

import xlsxwriter

from brandhound.reports.blocks import ChartBlock, OutletsBlock
from brandhound.reports.counting import MOST_OUTLETS
from brandhound.reports.document import Figure, ReportDocument
from brandhound.reports.sections import blocks_told, compared_line, sections_of
from brandhound.reports.wording import change_text, figure_text, interval_text, range_text

if TYPE_CHECKING:
    from xlsxwriter import Worksheet

Row = Sequence[str | int | float | date | None]
"""Dates and times are cells that can be sorted and reckoned with; times, which know no zone there, by the report's clocks."""
_LONGEST = 32_767  # Characters in a cell (Excel's specifications and limits).
_MOST_ROWS = 1_048_575
_FIRST_YEAR = 1900  # Excel counts days from here.
_SHEETS = {
    "text": "Text",
    "summary": "Text",
    "figures": "Figures",
    "share_of_voice": "Figures",
    "chart share": "Figures",
    "comparison": "Comparison",
    "chart volume": "Volume",
    "chart tone": "Tone",
    "chart outlets": "Outlets",
    "outlets": "Outlets",
    "topics": "Topics",
    "story_list": "Stories",
    "mention_list": "Mentions",
}
"""Which sheet tells what a block tells."""


MENTIONS_TOLD = (
    "All that was counted. The headline figures count those with “yes” under subject; the others are of the brands that "
    "it is compared with."
)


class Sheets:
    """Writes row after row to disk, so that a hundred thousand mentions need no memory."""

    def __init__(self, file: IO[bytes], document: ReportDocument) -> None:
        self._document = document
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        at = document.generated_at.replace(tzinfo=None)
        self._book.set_properties(
            {"title": document.title, "author": document.organization_name, "created": at, "company": ""}
        )
        self._bold = self._book.add_format(
            {"bold": True, "bg_color": "#F1F5F9", "bottom": 1, "bottom_color": "#CBD5E1"}
        )
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        self._zone = ZoneInfo(document.time_zone)
        self._mentions: Worksheet | None = None
        self._next = 1

    def write_figures(self) -> None:
        """All sheets but the mentions, as far as the report's blocks tell of them."""
        told = sheets_told(self._document)
        for name, write in (
            ("Text", self._write_words),
            ("Figures", self._write_headline),
            ("Comparison", self._write_comparison),
            ("Volume", self._write_volume),
            ("Tone", self._write_tone),
            ("Outlets", self._write_outlets),
            ("Topics", self._write_topics),
            ("Stories", self._write_stories),
        ):
            if name in told:
                write()
        self._write_method()

    def _write_words(self) -> None:
        """Texts and the summary, as they stand in the report."""
        rows: list[Row] = []
        for section in sections_of(self._document):
            if section.kind == "text":
                rows += [(section.heading if at == 0 else "", words) for at, words in enumerate(section.paragraphs)]
            if section.kind == "summary":
                for sentence in section.sentences:
                    rows.append((section.heading, f"{sentence.text} {_numbers(sentence.numbers)}"))
                rows += [(f"[{one.number}]", f"{one.title} — {one.meta} {one.url}") for one in section.sources]
                rows.append(("About it", section.note))
        self._sheet("Text", ("What", "Words"), rows, (24, 120))

    def _write_headline(self) -> None:
        document, head = self._document, self._document.headline
        names = {brand.id: brand.name for brand in document.brands}
        self._sheet(
            "Figures",
            ("Figure", "Value", "As told", "Before", "Change", "90 % interval", "Out of", "Evidence"),
            [
                _figure_row("Mentions", head.mentions),
                _figure_row("Stories", head.stories),
                _figure_row("Outlets", head.outlets),
                _figure_row("Tone balance", head.tone),
                *(_figure_row(f"Share of voice: {names[row.brand_id]}", row.share) for row in document.share.rows),
                *(_figure_row(f"Tone balance: {names[row.brand_id]}", row.balance) for row in document.tone),
            ],
            (34, 12, 14, 12, 12, 20, 10, 50),
        )

    def _write_comparison(self) -> None:
        comparison = self._document.comparison
        rows: list[Row] = []
        for row in comparison.rows if comparison else ():
            line, interval = compared_line(row), row.interval
            low, high = (interval.low, interval.high) if interval else (None, None)
            rows.append((row.label, row.value, row.before, row.difference, low, high, line.verdict))
        self._sheet(
            "Comparison", ("Figure", "Now", "Before", "Difference", "90 % from", "90 % to", "Verdict"), rows, (34,)
        )

    def _write_volume(self) -> None:
        document = self._document
        names = {brand.id: brand.name for brand in document.brands}
        series = document.volume.series
        self._sheet(
            "Volume",
            ("Day", *(names[one.brand_id] for one in series)),
            [(day, *(one.mentions[at] for one in series)) for at, day in enumerate(document.volume.days)],
            (14,),
        )

    def _write_tone(self) -> None:
        document = self._document
        names = {brand.id: brand.name for brand in document.brands}
        self._sheet(
            "Tone",
            ("Brand", *(count.tone for count in document.tone[0].counts), "Out of") if document.tone else ("Brand",),
            [(names[row.brand_id], *(count.mentions for count in row.counts), row.out_of) for row in document.tone],
            (24,),
        )

    def _write_outlets(self) -> None:
        """As many as the report's longest table of them shows; all that a chart may draw."""
        blocks = blocks_told(self._document)
        most = max(
            (
                block.most if isinstance(block, OutletsBlock) else MOST_OUTLETS
                for block in blocks
                if isinstance(block, OutletsBlock) or (isinstance(block, ChartBlock) and block.chart == "outlets")
            ),
            default=0,
        )
        self._sheet(
            "Outlets",
            ("Outlet", "Site", "Mentions", "Stories", "Tone balance"),
            [
                (row.outlet, row.site, row.mentions, row.stories, row.balance.value)
                for row in self._document.outlets[:most]
            ],
            (30, 30),
        )

    def _write_topics(self) -> None:
        topics = self._document.topics
        rows: list[Row] = []
        for row in topics.rows if topics else ():
            low, high = (row.share.interval.low, row.share.interval.high) if row.share.interval else (None, None)
            rows.append(
                (row.title, row.sort, row.mentions, row.maybe, row.share.value, low, high, row.positive, row.negative)
            )
        columns = ("About", "What it is", "Texts", "Maybe", "Share", "90 % from", "90 % to", "Positive", "Negative")
        self._sheet("Topics", columns, rows, (40, 12))

    def _write_stories(self) -> None:
        self._sheet(
            "Stories",
            ("Title", "First counted in", "Published", "Articles", "Outlets", "Reprints", "Tone", "Quote", "URL"),
            [
                (story.title, story.first_outlet, story.first_published_at, story.articles, story.outlets,
                 story.reprints, story.tone, story.quote, story.url)
                for story in self._document.stories
            ],
            (60, 24, 26, 10, 10, 10, 12, 60, 60),
        )  # fmt: skip

    def _write_method(self) -> None:
        document = self._document
        self._sheet(
            "How counted",
            ("What", "Words"),
            [
                ("Title", document.title),
                ("Organization", document.organization_name),
                ("Range", range_text(document.range)),
                ("Time zone", f"{document.time_zone}: all dates and times are by its clocks"),
                *((("Mentions", MENTIONS_TOLD),) if "Mentions" in sheets_told(document) else ()),
                *(("Rule", rule) for rule in document.method.rules),
                *(("Read with care", f"{caveat.text} {caveat.action}") for caveat in document.caveats),
            ],
            (18, 120),
        )

    def begin_mentions(self, columns: Sequence[str]) -> None:
        sheet = self._book.add_worksheet("Mentions")
        sheet.freeze_panes(1, 0)
        for at, width in enumerate((26, 20, 12, 60, 50, 24, 24)):
            sheet.set_column(at, at, width)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column, self._bold)
        self._mentions = sheet

    def add_mentions(self, rows: Sequence[Row]) -> None:
        """More mentions; what does not fit into a sheet of Excel is left out."""
        assert self._mentions is not None
        for row in rows:
            if self._next > _MOST_ROWS:
                return
            self._write(self._mentions, self._next, row)
            self._next += 1

    def close(self) -> None:
        self._book.close()

    def _sheet(self, name: str, columns: Sequence[str], rows: Sequence[Row], widths: Sequence[int]) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column[:_LONGEST], self._bold)
        for at, row in enumerate(rows, start=1):
            self._write(sheet, at, row)

    def _write(self, sheet: "Worksheet", at: int, row: Row) -> None:
        for column, value in enumerate(row):
            if isinstance(value, date):
                self._write_date(sheet, at, column, value)
            elif isinstance(value, str):
                if value:
                    sheet.write_string(at, column, value[:_LONGEST])
            elif value is not None:
                sheet.write_number(at, column, value)

    def _write_date(self, sheet: "Worksheet", at: int, column: int, value: date) -> None:
        if value.year < _FIRST_YEAR:
            sheet.write_string(at, column, value.isoformat())
        elif isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(at, column, local, self._moment)
        else:
            sheet.write_datetime(at, column, value, self._day)


def sheets_told(document: ReportDocument) -> set[str]:
    """Which sheets the blocks of a report ask for."""
    told: set[str] = set()
    for block in blocks_told(document):
        name = f"chart {block.chart}" if isinstance(block, ChartBlock) else block.kind
        if name in _SHEETS:
            told.add(_SHEETS[name])
    return told


def _numbers(numbers: Sequence[int]) -> str:
    return " ".join(f"[{number}]" for number in numbers)


def _figure_row(name: str, figure: Figure) -> Row:
    return (
        name,
        figure.value,
        figure_text(figure),
        figure.before,
        change_text(figure),
        interval_text(figure.interval, figure.unit),
        figure.out_of,
        figure.evidence,
    )
