"""What a page is called, and where: as readers would tell it."""

import pytest

from brandhound.feeds.extracting import ExtractedPage, extract_page
from tests.feeds.test_dates_and_persons import NOW, STORY, URL


def page(head: str, heading: str = "", url: str = URL) -> ExtractedPage:
    html = f"<html lang='en'><head>{head}</head><body>{heading}{STORY}</body></html>"
    return extract_page(html.encode(), url, {}, NOW)


@pytest.mark.parametrize(
    "title",
    [
        "Acme opens | Example - News",
        "Acme opens - Example - News",
        "Example - News | Acme opens",
    ],
)
def test_an_outlet_whose_name_has_a_dash_in_it_is_no_part_of_the_title(title: str) -> None:
    head = f'<title>{title}</title><meta property="og:site_name" content="Example - News">'
    assert page(head).title == "Acme opens"


def test_a_title_keeps_its_own_dash() -> None:
    head = '<title>Acme opens - and closes | Example</title><meta property="og:site_name" content="Example">'
    assert page(head).title == "Acme opens - and closes"


@pytest.mark.parametrize(
    ("head", "heading"),
    [
        ('<meta property="og:title" content="Acme says "no" to all">', '<h1>Acme says "no" to all</h1>'),
        (
            '<meta property="og:title" content="Acme says "no" to all"><title>Acme says "no" to all | Example</title>',
            "",
        ),
    ],
)
def test_a_title_goes_on_behind_a_quotation_mark(head: str, heading: str) -> None:
    assert page(f'<meta property="og:site_name" content="Example">{head}', heading).title == 'Acme says "no" to all'


def test_the_page_in_a_file_is_from_the_outlet_that_its_own_address_names() -> None:
    head = '<link rel="canonical" href="https://www.paper.example/2026/acme-opens"><title>Acme opens</title>'
    assert page(head, url="").outlet == "paper.example"
    assert page(head, url=URL).outlet == "example.com"
