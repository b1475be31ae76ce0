"""Makes `brands/catalogue/profiles.tsv.gz` out of the unpacked npm package name-suggestion-index.

`python bench/build_profiles.py PACKAGE`, where PACKAGE holds `dist/wikidata/wikidata.json`. Profiles are kept of the
companies that the catalogue has.
"""

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from brandhound.brands.catalogue import catalogue, search_key

OUT = Path(__file__).parents[1] / "src" / "brandhound" / "brands" / "catalogue" / "profiles.tsv.gz"
ASIDE = re.compile(r"\s*[(（][^()（）]*[)）]$")
"""What Wikidata puts behind a label to tell it from others: DNS (store chain)."""
LONGEST_DESCRIPTION = 200


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("package", type=Path)
    told = json.loads((options.parse_args().package / "dist/wikidata/wikidata.json").read_text("utf-8"))["wikidata"]
    wanted = dict.fromkeys(brand.wikidata for brand in catalogue().brands if brand.wikidata)
    bearers = bearers_of_names()
    lines = [line for company in wanted if company in told and (line := line_of(company, told[company], bearers))]
    OUT.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    print(f"{len(lines)} profiles, {OUT.stat().st_size} bytes")


def bearers_of_names() -> Mapping[str, set[str]]:
    """The companies that have a name in the catalogue, which may be this one already: what is made here is not looked at."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for brand in catalogue().brands:
        for name in (brand.name, *brand.aliases):
            found[search_key(name)].add(brand.wikidata)
    return found


def line_of(company: str, told: Mapping[str, Any], bearers: Mapping[str, set[str]]) -> str:
    """What is told of a company, tab by tab; empty where that is nothing new."""
    label = ASIDE.sub("", _clean(told.get("label", "")))
    # What anybody has for a name is nothing new: this company's, or another one's, such as Telenor of the shops Telenorbutikken.
    if not search_key(label) or bearers.get(search_key(label)):
        label = ""
    website = told.get("identities", {}).get("website") or next(iter(told.get("officialWebsites", [])), "")
    fields = (label, _clean(told.get("description", ""))[:LONGEST_DESCRIPTION], _website(website))
    return "\t".join((company, *fields)) if any(fields) else ""


def _clean(text: str) -> str:
    return " ".join(text.split())


def _website(address: str) -> str:
    """The address without what varies: no query, no fragment, no bar at its end."""
    parts = urlsplit(_clean(address))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


if __name__ == "__main__":
    main()
