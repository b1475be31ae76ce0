"""Reports: how long the print, the workbook and the tables take, beside the bare libraries in the same run. Prints JSON.

    python bench/reports.py [--rows 100000]

Each measure runs in a process of its own, so that its peak memory is its own. No database: the mentions are made up.
"""

import argparse
import asyncio
import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter

from brandhound.core.ids import uuid7
from brandhound.reports import counting, exporting
from brandhound.reports.blocks import STANDARD, Branding, Presentation, ShareOfVoiceBlock, TextBlock, TitleBlock
from brandhound.reports.document import ReportDocument
from brandhound.reports.findings import findings
from brandhound.reports.html import render_html
from brandhound.reports.models import ReportMention
from brandhound.reports.pdf import render_pdf
from brandhound.reports.presenting import presented
from brandhound.reports.ranking import listed_mentions, top_stories
from brandhound.reports.sample import sample_document, sample_rows

Facts = dict[str, float]
ZONE = ZoneInfo("Europe/Berlin")


def mention(at: int) -> ReportMention:
    return ReportMention(
        id=uuid7(),
        mention_id=UUID(int=at),
        brand_id=UUID(int=1),
        brand_name="Norvella",
        brand_kind="own",
        subject=True,
        story_id=UUID(int=at // 3),
        article_id=UUID(int=at),
        published_at=datetime(2026, 10, 1, tzinfo=UTC) + timedelta(seconds=at),
        title=f"Headline number {at} about Norvella",
        url=f"https://courier.example/articles/{at}",
        outlet="Courier",
        site="courier.example",
        language="en",
        salience="subject",
        tone="neutral",
        quote='=HYPERLINK("http://evil.example") and some more words that were said',
        confidence=0.91,
        judgement=None,
        reprint=at % 3 == 0,
        reasons=[{"code": "name", "text": "The name stands in the title", "weight": 0.9}],
        evidence=[],
        body_sha256="b" * 64,
        text_sha256="c" * 64,
    )


# One part, given again and again: what is measured is the writing, not the making up.
PART = [mention(at) for at in range(exporting.AT_ONCE)]


async def parts(rows: int) -> AsyncGenerator[Sequence[ReportMention]]:
    for start in range(0, rows, exporting.AT_ONCE):
        yield PART[: rows - start]


def prints(rows: int) -> Facts:
    """The PDF of 200 mentions, a process for each; the peak is the press's own."""
    document = sample_document(200)
    times: list[float] = []
    size = 0
    for _ in range(5):
        began = time.perf_counter()
        size = len(render_pdf(document))
        times.append(time.perf_counter() - began)
    return {"best_seconds": min(times), "worst_seconds": max(times), "bytes": size, **press_memory()}


def templated_print(rows: int) -> Facts:
    """The same 200 mentions by a template with words in three scripts and a table of voices; twice, byte for byte."""
    document = templated_document(200)
    began = time.perf_counter()
    printed = render_pdf(document)
    seconds = time.perf_counter() - began
    same = float(render_pdf(document) == printed)
    return {"seconds": seconds, "bytes": len(printed), "same_bytes_twice": same, **press_memory()}


def templated_document(mentions: int) -> ReportDocument:
    """The made-up report, told by blocks that the standard template does not have, in a colour of its own."""
    words = "{{ brand }} had {{ mentions }} mentions. 诺维拉在上海开设首家旗舰店。 نورفيلا تفتتح أول متجر لها في دبي."
    blocks = (
        TitleBlock(text="{{ brand }} in {{ range }}"),
        TextBlock(heading="Dear board", text="\n\n".join([words] * 6)),
        ShareOfVoiceBlock(),
        *STANDARD[1:],
    )
    presentation = Presentation(template="Board", version=1, blocks=blocks, branding=Branding(color="#7c2d12"))
    return presented(sample_document(mentions), presentation, titled=False)


def long_print(rows: int) -> Facts:
    """The longest print there is: 500 listed mentions."""
    document = sample_document(2000)
    began = time.perf_counter()
    size = len(render_pdf(document))
    return {"seconds": time.perf_counter() - began, "bytes": size, **press_memory()}


def press_memory() -> Facts:
    return {"press_megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def page(rows: int) -> Facts:
    document = sample_document(200)
    began = time.perf_counter()
    size = len(render_html(document))
    return {"seconds": time.perf_counter() - began, "bytes": size}


def composing(rows: int) -> Facts:
    """Counting: headline, volume, share, tone, outlets and ranking over so many mentions and as many before."""
    counts = sample_counts(rows)
    days = [counts.rows[0].day_on.replace(day=1) + timedelta(days=offset) for offset in range(30)]
    began = time.perf_counter()
    head = counting.headline(counts)
    share, volume = counting.share_of_voice(counts), counting.volume(counts, days)
    counting.tone_of_brands(counts)
    counting.outlets(counts)
    findings(counts, head, volume, share, {})
    top_stories(counts)
    listed_mentions(counts)
    return {"seconds": time.perf_counter() - began, "mentions": len(counts.rows)}


def sample_counts(rows: int) -> counting.Counts:
    """Mentions of three brands, made up fast: one small report's rows again and again."""
    brands, few, few_before = sample_rows(3000)
    times = max(1, rows // len(few))
    return counting.Counts(brands, few * times, few_before * times)


def workbook(rows: int) -> Facts:
    began = time.perf_counter()
    file = asyncio.run(exporting.write_xlsx(sample_document(100), parts(rows)))
    took = time.perf_counter() - began
    size = file.seek(0, io.SEEK_END)
    file.close()
    return {"seconds": took, "rows_per_second": rows / took, "bytes": size}


def bare_workbook(rows: int) -> Facts:
    """The same cells written with XlsxWriter and nothing else."""
    began = time.perf_counter()
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(file.name, {"constant_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet("Mentions")
        for at in range(rows):
            for column, value in enumerate(exporting.cells(PART[at % len(PART)], ZONE)):
                if isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif value is not None:
                    sheet.write_number(at, column, value)
        book.close()
    took = time.perf_counter() - began
    return {"seconds": took, "rows_per_second": rows / took}


def table(rows: int) -> Facts:
    async def all_bytes() -> int:
        return sum([len(line) async for line in exporting.csv_lines(sample_document(100), parts(rows))])

    began = time.perf_counter()
    size = asyncio.run(all_bytes())
    took = time.perf_counter() - began
    return {"seconds": took, "rows_per_second": rows / took, "bytes": size}


def bare_table(rows: int) -> Facts:
    """The same cells through the csv module and nothing else: not safe to open in a spreadsheet."""
    began = time.perf_counter()
    written = io.StringIO()
    writer = csv.writer(written)
    for at in range(rows):
        writer.writerow(exporting.cells(PART[at % len(PART)], ZONE))
    took = time.perf_counter() - began
    return {"seconds": took, "rows_per_second": rows / took}


MEASURES: dict[str, Callable[[int], Facts]] = {
    "pdf_200_mentions": prints,
    "pdf_200_mentions_by_template": templated_print,
    "pdf_500_mentions": long_print,
    "html_200_mentions": page,
    "composing": composing,
    "xlsx": workbook,
    "xlsx_bare": bare_workbook,
    "csv": table,
    "csv_bare": bare_table,
}


def main() -> None:
    """Run each measure in a process of its own and print what they found."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--only", choices=sorted(MEASURES))
    given = arguments.parse_args()
    rows = int(given.rows)
    if given.only:
        facts = MEASURES[str(given.only)](rows)
        facts["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({name: round(value, 3) for name, value in facts.items()}))
        return
    found: dict[str, Facts] = {}
    for name in MEASURES:
        command = [sys.executable, str(Path(__file__)), "--rows", str(rows), "--only", name]
        found[name] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ratios = {
        "xlsx": round(found["xlsx"]["rows_per_second"] / found["xlsx_bare"]["rows_per_second"], 2),
        "csv": round(found["csv"]["rows_per_second"] / found["csv_bare"]["rows_per_second"], 2),
    }
    print(json.dumps({"rows": rows, "measures": found, "ratio_to_bare": ratios}, indent=2))


if __name__ == "__main__":
    main()
