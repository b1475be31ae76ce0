"""Charts are well-formed, say what they show, and clip nothing."""

import re
from collections.abc import Callable
from colorsys import rgb_to_hsv
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from brandhound.reports.charts import CHARTS, described, draw
from brandhound.reports.document import ReportDocument
from brandhound.reports.errors import UnknownChart
from brandhound.reports.pdf import render_pdf
from brandhound.reports.sample import sample_document
from brandhound.reports.svg import (
    PAPER,
    TONE_COLORS,
    TONE_INKS,
    TONE_WORDS,
    fitted,
    safe_color,
    text_width,
    ticks,
)

SVG = "{http://www.w3.org/2000/svg}"


def renamed(document: ReportDocument, name: str, color: str = "#4477aa") -> ReportDocument:
    changed = tuple(brand.model_copy(update={"name": name, "color": color}) for brand in document.brands)
    outlets = tuple(row.model_copy(update={"outlet": name}) for row in document.outlets)
    return document.model_copy(update={"brands": changed, "outlets": outlets})


DOCUMENTS: dict[str, Callable[[], ReportDocument]] = {
    "many": lambda: sample_document(3000, days=30),
    "few": lambda: sample_document(3),
    "none": lambda: sample_document(0),
    "one day": lambda: sample_document(20, days=1),
    "two years": lambda: sample_document(2000, days=731),
    "long names": lambda: renamed(
        sample_document(200), "Norddeutsche Kessel- und Maschinenbaugesellschaft mbH & Söhne"
    ),
    "cjk": lambda: renamed(sample_document(200), "诺维拉电器股份有限公司上海分公司旗舰店"),
    "arabic": lambda: renamed(sample_document(200), "نورفيلا للأجهزة المنزلية (Norvella)"),
    "hostile": lambda: renamed(sample_document(200), '"><script>alert(1)</script>\x00\x1b', 'red" onload="x'),
}


@cache
def document(what: str) -> ReportDocument:
    """Made when it is looked at: every process of the suite reads this file."""
    return DOCUMENTS[what]()


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("what", DOCUMENTS)
def test_no_text_leaves_its_picture(name: str, what: str) -> None:
    picture = ElementTree.fromstring(draw(document(what), name))
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    for text in picture.iter(f"{SVG}text"):
        said = "".join(text.itertext())
        wide = text_width(said, float(text.attrib["font-size"]))
        x = float(text.attrib["x"]) - {"start": 0, "middle": wide / 2, "end": wide}[text.attrib["text-anchor"]]
        assert x >= -0.6, said
        assert x + wide <= width + 0.6, said
        assert 0 < float(text.attrib["y"]) <= height


@pytest.mark.parametrize("what", DOCUMENTS)
def test_the_labels_of_an_axis_do_not_touch(what: str) -> None:
    picture = ElementTree.fromstring(draw(document(what), "volume"))
    height = float(picture.attrib["height"])
    days = [text for text in picture.iter(f"{SVG}text") if float(text.attrib["y"]) == height - 6]
    ends = sorted(
        (
            float(t.attrib["x"]) - text_width(t.text or "", 10) / 2,
            float(t.attrib["x"]) + text_width(t.text or "", 10) / 2,
        )
        for t in days
    )
    assert days
    assert all(left[1] < right[0] for left, right in pairwise(ends))


@pytest.mark.parametrize("letters", [1, 6, 9, 12, 14, 16, 40])
def test_the_words_above_the_tones_do_not_touch_however_long_the_names_of_brands_are(letters: int) -> None:
    picture = ElementTree.fromstring(draw(renamed(document("many"), "m" * letters), "tone"))
    ends = sorted(
        (
            x - {"start": 0, "middle": wide / 2, "end": wide}[anchor],
            x + {"start": wide, "middle": wide / 2, "end": 0}[anchor],
        )
        for text in picture.iter(f"{SVG}text")
        if text.attrib["y"] == "12"
        for x, anchor in [(float(text.attrib["x"]), text.attrib["text-anchor"])]
        for wide in [text_width("".join(text.itertext()), 10)]
    )
    assert len(ends) == len(TONE_COLORS) + 3
    assert all(left[1] + 4 < right[0] for left, right in pairwise(ends))


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_equal_for_equal_figures_and_runs_nothing(name: str) -> None:
    hostile = draw(document("hostile"), name)
    assert hostile == draw(document("hostile"), name)
    assert "<script" not in hostile
    assert "onload" not in hostile
    assert described(document("many"), name)


def test_a_chart_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownChart):
        draw(document("few"), "pie")


@pytest.mark.parametrize("most", [0, 1, 2, 3, 7, 12, 99, 101, 1e6, 3.7e6])
def test_an_axis_has_few_whole_steps_and_reaches_the_top(most: float) -> None:
    steps = ticks(most)
    assert 2 <= len(steps) <= 7
    assert steps[-1] >= most
    assert all(step == int(step) for step in steps)


def test_a_text_is_cut_where_it_would_not_fit() -> None:
    assert fitted("Kaufmannsblatt", 1000, 10) == "Kaufmannsblatt"
    assert fitted("Kaufmannsblatt", 40, 10).endswith("…")
    assert text_width(fitted("Kaufmannsblatt", 40, 10), 10) <= 40
    assert fitted("Kaufmannsblatt", 3, 10) == ""


def test_only_a_colour_is_a_colour() -> None:
    assert safe_color("#4477AA") == "#4477aa"
    assert safe_color("red") == safe_color('#12345"') == safe_color("") == "#64748b"


def test_a_legend_names_only_brands_of_which_something_was_said() -> None:
    document = sample_document(200)
    quiet, *others = document.volume.series
    silent = quiet.model_copy(update={"mentions": tuple(0 for _ in quiet.mentions)})
    some = document.model_copy(update={"volume": document.volume.model_copy(update={"series": (silent, *others)})})
    names = {text.text for text in ElementTree.fromstring(draw(some, "volume")).iter(f"{SVG}text")}
    assert document.brand(silent.brand_id).name not in names
    assert {document.brand(series.brand_id).name for series in others} & names


@pytest.mark.parametrize("name", ["Kaffa☕", "👩\u200d🔧 Werkstatt", "🇩🇪 Post", "🪉", "हिन्दी समाचार", "东风 日产"])
def test_a_name_in_any_script_or_with_an_emoji_is_printed_without_a_box_in_charts_too(name: str) -> None:
    document = renamed(sample_document(40, title=name), name)
    # Where a font lacks a letter, the press makes a print that does not call itself PDF/UA.
    assert b"<pdfuaid:part>1</pdfuaid:part>" in render_pdf(document)


def test_the_legend_of_tone_is_worded_as_on_the_screen() -> None:
    words = [text.text for text in ElementTree.fromstring(draw(sample_document(200), "tone")).iter(f"{SVG}text")]

    assert words[:5] == ["Positive", "Neutral", "Mixed", "Negative", "Unclear"]


def test_a_brand_has_its_colour_in_every_chart() -> None:
    document = sample_document(200)
    for name in ("volume", "share"):
        drawn = draw(document, name)
        for brand in document.brands:
            assert safe_color(brand.color) in drawn, (name, brand.name)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def hue(color: str) -> float:
    return rgb_to_hsv(*(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0] * 360


def test_a_tone_has_one_hue_on_screen_and_on_paper_and_its_words_can_be_read() -> None:
    theme = Path("ui/src/app/theme.ts").read_text()
    on_screen = dict(re.findall(r'"--tone-(\w+)": "(#\w{6})"', theme[: theme.index("dark: {")]))
    assert on_screen.keys() == TONE_COLORS.keys()
    for tone in ("positive", "mixed", "negative"):
        assert abs(hue(on_screen[tone]) - hue(TONE_COLORS[tone])) < 12, tone
    for tone, color in TONE_COLORS.items():
        assert contrast(TONE_INKS[tone], color) >= 4.5, tone
        assert contrast(TONE_WORDS[tone], PAPER) >= 4.5, tone
