"""Makes `brands/listed/listed.tsv.gz` from three packages that were unpacked: `python bench/build_listed.py TICKERS SEC ICONS`.

TICKERS is `indices_data.py` of pytickersymbols, SEC `company_tickers.parquet` of edgartools (read with pyarrow, which is no
dependency of ours), ICONS `simple-icons.json` of simple-icons. A line holds a name, its tickers and its other names.
"""

import argparse
import gzip
import importlib
import importlib.util
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brandhound.brands.comparing.parts import telling_words

OUT = Path(__file__).parents[1] / "src" / "brandhound" / "brands" / "listed" / "listed.tsv.gz"
MOST_OF_SEC = 5000
"""Of companies that report to the SEC, the largest on NYSE and Nasdaq."""
FUNDS = re.compile(
    r"\b(?:funds?|etf|trust|acquisition|spac|municipal|income|index|shares|warrants?|term)\b", re.IGNORECASE
)
STATE = re.compile(r"\s*[/\\](?:[A-Z]{2,4}|[A-Z]{2,3}/)?[/\\]?\s*$")


@dataclass
class Listed:
    """A company or brand of one of the lists."""

    name: str
    tickers: list[str] = field(default_factory=list[str])
    also: list[str] = field(default_factory=list[str])
    american: list[str] = field(default_factory=list[str])
    """Those of its tickers that are of NYSE or Nasdaq: in London PRU is somebody else."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("tickers", "sec", "icons"):
        options.add_argument(name, type=Path)
    chosen = options.parse_args()
    found: dict[tuple[str, ...], Listed] = {}
    for one in (*_of_indices(chosen.tickers), *_of_sec(chosen.sec), *_of_icons(chosen.icons)):
        if not (key := telling_words(one.name)):
            continue
        kept = found.setdefault(key, one)
        if kept is not one:
            kept.tickers += one.tickers
            kept.also += one.also
            kept.american += one.american
    found = _by_ticker(found)
    lines = [
        "\t".join((one.name, "|".join(dict.fromkeys(one.tickers)), "|".join(dict.fromkeys(one.also))))
        for one in sorted(found.values(), key=lambda one: one.name.casefold())
    ]
    OUT.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    print(f"{len(lines)} companies and brands, {OUT.stat().st_size} bytes")


def _by_ticker(found: dict[tuple[str, ...], Listed]) -> dict[tuple[str, ...], Listed]:
    """One line for those of one ticker that begin with the same word: Costco, COSTCO WHOLESALE CORP."""
    kept: dict[tuple[str, ...], Listed] = {}
    of_ticker: dict[tuple[str, str], Listed] = {}
    for key, one in found.items():
        mine = [(ticker, key[0]) for ticker in one.american]
        if known := next((of_ticker[place] for place in mine if place in of_ticker), None):
            known.also += [one.name, *one.also]
            known.tickers += one.tickers
            known.american += one.american
        else:
            kept[key] = known = one
        of_ticker.update(dict.fromkeys(mine, known))
    return kept


def _of_indices(file: Path) -> Iterable[Listed]:
    spec = importlib.util.spec_from_file_location("indices", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for index in module.INDICES.values():
        for company in index["companies"]:
            symbol, _, exchange = (company.get("symbol") or "").partition(".")
            tickers = [symbol] if symbol.isalpha() else []
            yield Listed(_clean(company["name"]), tickers, american=[] if exchange else list(tickers))


def _of_sec(file: Path) -> Iterable[Listed]:
    rows: list[dict[str, Any]] = importlib.import_module("pyarrow.parquet").read_table(file).to_pylist()
    companies: dict[str, Listed] = {}
    for row in rows:
        if row["exchange"] in {"NYSE", "Nasdaq"} and not FUNDS.search(row["name"]):
            company = companies.setdefault(row["cik"], Listed(_clean(STATE.sub("", row["name"]))))
            # Shares of another class have a letter more.
            if not company.tickers and row["ticker"].isalpha():
                company.tickers.append(row["ticker"])
                company.american.append(row["ticker"])
    yield from list(companies.values())[:MOST_OF_SEC]


def _of_icons(file: Path) -> Iterable[Listed]:
    for icon in json.loads(file.read_text(encoding="utf-8")):
        also = icon.get("aliases", {})
        names = [*also.get("aka", ()), *also.get("old", ()), *also.get("loc", {}).values()]
        yield Listed(_clean(icon["title"]), [], [_clean(name) for name in names])
        for one in also.get("dup", ()):
            yield Listed(_clean(one["title"]), [], [_clean(name) for name in one.get("loc", {}).values()])


def _clean(name: str) -> str:
    return re.sub(r"[\s|]+", " ", name).strip()


if __name__ == "__main__":
    main()
