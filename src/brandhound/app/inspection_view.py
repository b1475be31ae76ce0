"""What `brandhound inspect` found, for people."""

from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from brandhound.app.inspection_input import Kind
from brandhound.core.wording import count_of

MOST_ENTRIES = 50
MOST_TEXT = 3_000


def show(kind: Kind, found: Any) -> None:
    """Print a result of `inspect` to the terminal."""
    console = Console()
    {"feed": _show_feed, "page": _show_page, "text": _show_mentions}[kind](console, found)


def _show_feed(console: Console, found: dict[str, Any]) -> None:
    console.print(Text(found["title"] or "(a feed without a title)", style="bold"))
    console.print(
        _facts(
            {
                "Site": found["link"],
                "Language": found["language"],
                "Items": str(len(found["entries"])),
                "Note": " ".join(found["notes"]),
            }
        )
    )
    table = Table("Published", "Title", "Link", box=None, pad_edge=False)
    for entry in found["entries"][:MOST_ENTRIES]:
        table.add_row(
            (entry["published"] or entry["updated"] or "")[:16], Text(entry["title"]), Text(entry["link"] or "")
        )
    console.print(table)
    if (more := len(found["entries"]) - MOST_ENTRIES) > 0:
        console.print(f"… and {more} more; --json shows all")


def _show_page(console: Console, found: dict[str, Any]) -> None:
    console.print(Text(found["title"] or "(a page without a title)", style="bold"))
    facts = {
        "Outlet": found["outlet"],
        "By": ", ".join(found["authors"]),
        "Published": found["published"],
        "Changed": found["modified"],
        "Language": found["language"],
        "Address": found["canonical_url"] or found["url"],
        "Note": ", ".join(found["warnings"]),
    }
    console.print(_facts(facts))
    text = found["text"]
    shown = text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"
    console.print(Padding(Text(shown), (1, 0, 0, 0)))
    console.print(Text(f"{count_of(len(text), 'character')}, {count_of(len(text.split()), 'word')}", style="dim"))


def _show_mentions(console: Console, found: list[dict[str, Any]]) -> None:
    if not found:
        console.print("None of these brands is named.")
        return
    table = Table("Brand", "As", "At", "Confidence", "Tone", "Why", box=None, pad_edge=False)
    for match in found:
        table.add_row(
            Text(match["brand"]),
            Text(match["surface"]),
            f"{match['start']}–{match['end']}",
            f"{match['confidence']:.0%}",
            match["tone"],
            Text("; ".join(match["reasons"])),
        )
    console.print(table)


def _facts(facts: dict[str, str | None]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        if value:
            table.add_row(Text(name, style="dim"), Text(value))
    return table
