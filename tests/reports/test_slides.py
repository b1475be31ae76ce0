"""A report as slides: opened again, they say what the report says."""

import io
from typing import Any

import httpx
import pytest
from pptx import Presentation

from brandhound.reports.blocks import Presentation as Way
from brandhound.reports.document import Compared, Comparison
from brandhound.reports.laying_out import lay_out
from brandhound.reports.sample import sample_document
from brandhound.reports.slides import render_slides
from tests.reports.telling import Told

CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def opened(slides: bytes) -> tuple[list[str], list[dict[str, list[float]]], list[str]]:
    """All text of it, the numbers of its charts by series, and where its links lead."""
    words: list[str] = []
    charts: list[dict[str, list[float]]] = []
    links: list[str] = []
    # Its types name neither slides nor shapes.
    deck: Any = Presentation(io.BytesIO(slides))
    for slide in deck.slides:
        assert slide.shapes.title is not None
        for shape in slide.shapes:
            if shape.has_chart:
                chart = shape.chart
                charts.append({one.name: list(one.values) for one in chart.plots[0].series})
            if shape.has_text_frame:
                frame = shape.text_frame
                words.append(frame.text)
                runs = [run for paragraph in frame.paragraphs for run in paragraph.runs]
                links += [run.hyperlink.address for run in runs if run.hyperlink.address]
    return words, charts, links


def test_slides_hold_the_figures_of_the_report_and_charts_with_its_numbers() -> None:
    document = sample_document()
    layout = lay_out(document)
    words, charts, links = opened(render_slides(document))
    for said in (layout.title, layout.period, *(card.value for card in layout.cards), layout.stories[0].meta):
        assert any(said in word for word in words), said
    volume, _, tone, outlets = charts
    by_brand = {document.brand(one.brand_id).name: list(one.mentions) for one in document.volume.series}
    assert volume == by_brand
    negative = [one.mentions for row in reversed(document.tone) for one in row.counts if one.tone == "negative"]
    assert tone["Negative"] == negative
    assert outlets["Mentions"][-1] == document.outlets[0].mentions
    assert links[0] == layout.stories[0].url


def test_the_whiskers_of_share_of_voice_reach_as_far_as_its_intervals() -> None:
    document = sample_document()
    deck: Any = Presentation(io.BytesIO(render_slides(document)))
    (slide,) = [one for one in deck.slides if one.shapes.title.text == "Share of voice"]
    assert any("whiskers: 90 % interval" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    (series,) = next(shape.chart for shape in slide.shapes if shape.has_chart).plots[0].series
    lengths = {
        side: [float(one.text) for one in series._element.findall(f".//{CHARTS}errBars/{CHARTS}{side}//{CHARTS}v")]
        for side in ("minus", "plus")
    }
    shares = [row.share for row in reversed(document.share.rows)]
    intervals = [share.interval for share in shares if share.interval]
    ends = zip(series.values, lengths["minus"], lengths["plus"], strict=True)
    told = [(round(value - below, 3), round(value + above, 3)) for value, below, above in ends]
    assert told == [(round(one.low, 3), round(one.high, 3)) for one in intervals] != []


def test_two_years_are_drawn_by_month_and_none_of_the_mentions_is_lost() -> None:
    document = sample_document(days=731)
    _, charts, _ = opened(render_slides(document))
    for series in document.volume.series:
        name = document.brand(series.brand_id).name
        assert len(charts[0][name]) <= 26
        assert sum(charts[0][name]) == sum(series.mentions)


def test_a_quiet_report_is_slides_too() -> None:
    words, charts, _ = opened(render_slides(sample_document(0)))
    assert "Nothing was heard in these days" in words
    assert charts == []


def test_a_long_title_is_no_obstacle() -> None:
    title = ("Acme " * 60).strip()
    words, _, _ = opened(render_slides(sample_document().model_copy(update={"title": title})))
    assert title in words


def test_long_texts_and_tables_go_on_on_further_slides() -> None:
    document = sample_document()
    long = " ".join(f"word{at}" for at in range(600))
    presentation = Way.model_validate(
        {
            "template": "T",
            "version": 1,
            "blocks": [
                {"kind": "title"},
                {"kind": "text", "heading": "At length", "text": f"{long}\n\nThe end"},
                {"kind": "comparison"},
            ],
        }
    )
    row = Compared(
        label="Mentions", unit="count", value=3, before=2, difference=1, interval=None, verdict="not-enough",
        evidence="mentions", evidence_before="before:mentions",
    )  # fmt: skip
    before = document.before or document.range
    comparison = Comparison(range=document.range, before=before, scale=1.0, rows=(row,) * 30)
    document = document.model_copy(update={"presentation": presentation, "comparison": comparison})
    deck: Any = Presentation(io.BytesIO(render_slides(document)))
    texts: list[str] = []
    rows: list[int] = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows.append(len(shape.table.rows) - 1)
            elif slide.shapes.title.text == "At length" and shape != slide.shapes.title and "word" in shape.text:
                texts.append(shape.text_frame.text)
    assert rows == [14, 14, 2]
    assert len(texts) > 3
    assert max(map(len, texts)) <= 900
    assert " ".join(" ".join(texts).split()) == f"{long} The end"


@pytest.mark.anyio
async def test_slides_are_downloaded_with_a_name(client: httpx.AsyncClient, told: Told) -> None:
    await told.brand()
    made = await client.post("/api/reports", json={"since_on": "2026-10-26", "until_on": "2026-11-01"})
    answer = await client.get(f"/api/reports/{made.json()['id']}/export.pptx")
    assert answer.headers["content-type"].endswith("presentationml.presentation")
    assert 'filename="Acme 2026-10-26-2026-11-01.pptx"' in answer.headers["content-disposition"]
    assert opened(answer.content)[0]
