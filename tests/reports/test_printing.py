"""The printed report: the same bytes everywhere, readable by all, and nothing in it is ever run."""

import hashlib
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser

import pytest

from brandhound.brands.catalogue import catalogue, names_of_entry
from brandhound.reports.html import render_html
from brandhound.reports.laying_out import lay_out
from brandhound.reports.pdf import render_pdf
from brandhound.reports.pieces import told_mention, told_outlet, told_story
from brandhound.reports.press import FONTS
from brandhound.reports.sample import sample_document
from brandhound.reports.wording import printable, set_apart

_ELSEWHERE = """
import hashlib
from brandhound.reports.pdf import render_pdf
from brandhound.reports.sample import sample_document
print(hashlib.sha256(render_pdf(sample_document(80))).hexdigest())
"""


def plain(pdf: bytes) -> bytes:
    """Everything that is packed in the file, unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    unpacked: list[bytes] = [pdf]
    for stream in streams:
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(unpacked)


def test_the_same_report_is_the_same_bytes_in_another_process() -> None:
    here = hashlib.sha256(render_pdf(sample_document(80))).hexdigest()
    there = subprocess.run([sys.executable, "-c", _ELSEWHERE], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here
    assert hashlib.sha256(render_pdf(sample_document(80))).hexdigest() == here
    assert hashlib.sha256(render_pdf(sample_document(81))).hexdigest() != here


def test_the_print_is_tagged_titled_linked_and_carries_its_fonts() -> None:
    contents = plain(render_pdf(sample_document(40)))
    assert b"/StructTreeRoot" in contents
    assert b"/MarkInfo" in contents
    assert b"/Lang" in contents
    assert b"/Alt" in contents
    assert b"/TH" in contents
    assert b"/Outlines" in contents
    assert b"/URI(https://daily-courier.example" in contents.replace(b"/URI (", b"/URI(")
    assert b"FontFile" in contents
    for family in (b"Inter", b"NotoSansCJK", b"NotoSansArabic"):
        assert family in contents
    assert b"D:20261101080000" in contents
    assert b"<pdfuaid:part>1</pdfuaid:part>" in contents


@pytest.mark.parametrize(
    "title",
    [
        "滙豐喺鰂魚涌開咗間新分行，佢哋話好多嘢都唔使搵",
        "똠양꿍 맛집, 펲시와 뷁",
        "საქართველოს ბანკი, Ամերիաբանկ, የኢትዮጵያ ንግድ ባንክ, ⵜⴰⵎⴰⵣⵉⵖⵜ",
        "প্রথম আলো, ਪੰਜਾਬ, ગુજરાત, ଓଡ଼ିଶା, தமிழ்நாடு, తెలుగు, ಕರ್ನಾಟಕ, കേരള, ලංකා, बैंक",
        "ธนาคารไทย, ທະນາຄານລາວ, ធនាគារកម្ពុជា, မြန်မာ့စီးပွားရေးဘဏ်, ދިވެހި ބޭންކް",
        "𝗡𝗲𝘄 𝒽𝑒𝓁𝓁𝑜 ᴛʜɪs ɪs sᴍᴀʟʟ ﬁﬂ ⅔ ԥ №℠™",
        "⠀⠀✘ ✧ ✦ ✿ ▪ ▸ ◉ ∙ ☐ ☒ ⌘ 🄰 🅱 ⟶ ➤ \ufffd",
    ],
)
def test_no_living_script_and_no_sign_that_advertisements_use_is_printed_as_a_box(title: str) -> None:
    # PDF/UA is not claimed for a print with a box.
    assert b"<pdfuaid:part>1</pdfuaid:part>" in plain(render_pdf(sample_document(2, title=title)))


def test_every_brand_that_the_catalogue_offers_can_be_printed() -> None:
    seen: set[str] = set()
    rare: list[str] = []
    for name in (name.text for brand in catalogue().brands for name in names_of_entry(brand).names):
        if not seen.issuperset(name):
            seen.update(name)
            rare.append(name)
    assert len(rare) > 1_000
    assert b"<pdfuaid:part>1</pdfuaid:part>" in plain(render_pdf(sample_document(2, title=" · ".join(rare))))


def test_a_letter_that_no_font_has_does_not_stop_the_press() -> None:
    document = sample_document(2, title="\U00013000 and \ud7b1")
    assert render_pdf(document) == render_pdf(document)
    assert b"/StructTreeRoot" in plain(render_pdf(document))


def test_a_report_has_a_page_whether_much_little_or_nothing_was_said() -> None:
    def pages(mentions: int) -> int:
        return len(re.findall(rb"/Type\s*/Page\b", plain(render_pdf(sample_document(mentions)))))

    assert pages(0) == 1
    assert pages(3) == 2
    assert pages(300) > 5


@pytest.mark.parametrize(
    "title",
    [
        '#read("/etc/passwd") $x^2$ *bold* _it_ `raw` @ref <label> \\ // /* */ #import "@preview/cetz:0.3.0"',
        "</title><script>alert(1)</script>",
        "x" * 200,
        "نورفيلا تفتتح أول متجر لها في دبي",
        "אקמי פותחת חנות 3 בתל אביב",
        "诺维拉在上海开设首家旗舰店",
        "🙂🙃 \u200d\ufe0f \U0001f9ff",
        "\x00\x07\x1b[31m",
        "",
    ],
)
def test_any_title_is_printed_as_the_text_it_is(title: str) -> None:
    document = sample_document(2, title=title or None)
    assert render_pdf(document).startswith(b"%PDF-1.7")
    page = render_html(document)
    assert "<script" not in page


def test_the_template_reads_no_file_beside_it() -> None:
    """A made-up title is data; the compiler would refuse the file even if it were code."""
    import typst

    compiler = typst.Compiler(b'#read("/etc/passwd")', root=FONTS)
    with pytest.raises(typst.TypstError):
        compiler.compile(format="pdf")
    with pytest.raises(typst.TypstError):
        typst.Compiler(b'#read("../press.py")', root=FONTS).compile(format="pdf")


def test_an_empty_report_says_what_to_do() -> None:
    page = render_html(sample_document(0))
    assert "Nothing was heard in these days" in page
    assert "doubtful mentions" in page
    assert "NaN" not in page


def test_a_page_of_html_loads_and_runs_nothing() -> None:
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Reader().feed(render_html(sample_document(120)))
    assert {tag for tag, _ in found}.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base", "form"})
    assert not [attribute for _, attributes in found for attribute in attributes if attribute.startswith("on")]
    assert all("src" not in attributes for _, attributes in found)
    assert all((attributes["href"] or "").startswith("https://") for tag, attributes in found if tag == "a")


def test_a_reader_whose_fonts_are_wider_than_ours_sees_the_figure_beside_a_bar_to_its_end() -> None:
    page = render_html(sample_document(40))
    (rules,) = re.findall(r"\.card svg\{([^}]*)\}", page)
    assert "overflow:visible" in rules.split(";")


def test_the_day_behind_an_outlet_that_is_written_from_right_to_left_stays_behind_it() -> None:
    document = sample_document(40)
    stories = tuple(story.model_copy(update={"first_outlet": "جريدة المرفأ"}) for story in document.stories)
    outlets = tuple(row.model_copy(update={"outlet": "עיתון הנמל", "site": "127.0.0.1"}) for row in document.outlets)
    turned = document.model_copy(update={"stories": stories, "outlets": outlets})
    story, outlet = lay_out(turned).stories[0], told_outlet(outlets[0])
    assert story.meta.startswith("\u2068جريدة المرفأ\u2069 · ")
    assert outlet.outlet == "\u2068עיתון הנמל\u2069"
    assert told_story(document.stories[0], "UTC").meta.startswith(document.stories[0].first_outlet)
    # What sets them apart is no letter, and no font has to have it.
    assert b"<pdfuaid:part>1</pdfuaid:part>" in plain(render_pdf(turned))


@pytest.mark.parametrize("mark", ["\u202e", "\u202b", "\u2067", "\u2068", "\u2069", "\u202e\u2069"])
def test_a_headline_turns_nothing_around_that_stands_behind_it(mark: str) -> None:
    assert printable(f"Acme {mark}opens") == "Acme opens"
    assert set_apart(f"Harbour {mark}Times") == "Harbour Times"
    assert printable(f"{set_apart(f'נמל {mark}')}, 3 November") == "\u2068נמל \u2069, 3 November"


def test_only_the_web_is_linked() -> None:
    document = sample_document(3)
    stories = tuple(story.model_copy(update={"url": "javascript:alert(1)"}) for story in document.stories)
    mentions = tuple(row.model_copy(update={"url": "file:///etc/passwd"}) for row in document.mentions)
    layout = lay_out(document.model_copy(update={"stories": stories, "mentions": mentions}))
    listed = [row for section in layout.sections for row in section.mentions]
    assert len(listed) == 3
    assert {story.url for story in layout.stories} | {row.url for row in listed} == {""}


def test_no_share_is_told_from_eleven_texts() -> None:
    page = render_html(sample_document(11))
    assert "too few" in page
    tone = next(card for card in lay_out(sample_document(11)).cards if card.label == "Tone balance")
    assert tone.value == "too few"


def test_paper_speaks_of_tone_and_confidence_as_the_screen_does_and_quotes_no_headline_below_itself() -> None:
    document = sample_document(40)
    row, story = document.mentions[0], document.stories[0]
    row = row.model_copy(update={"sentence": f" {row.title}", "tone": "negative", "confidence": 1.0})
    story = story.model_copy(update={"quote": story.title, "tone": "mixed", "confidence": 0.87})
    mention, card = told_mention(document, row, "UTC"), told_story(story, "UTC")
    assert (mention.sentence, mention.tone, mention.confidence) == ("", "Negative", "> 99 %")
    assert (card.quote, card.tone, card.confidence) == ("", "Mixed", "87 %")
    other = row.model_copy(update={"sentence": "Another sentence."})
    assert told_mention(document, other, "UTC").sentence == "Another sentence."
