"""What is known of the catalogue's companies besides: what they are called in English, what they are, where their site is."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Profile:
    """What Wikidata says of a company, in English; each part is empty where it says nothing.

    `english` is there where the catalogue has no such name of it: “Bank of the Argentine Nation” of Banco Nación.
    """

    english: str = ""
    description: str = ""
    website: str = ""


def profile_of(company: str) -> Profile:
    """The profile of what Wikidata takes for one brand, by its number; an empty one where there is none."""
    return Profile(*_lines().get(company, "").split("\t"))


@lru_cache(maxsize=1)
def _lines() -> dict[str, str]:
    file = files("brandhound.brands.catalogue").joinpath("profiles.tsv.gz")
    if not file.is_file():
        return {}
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    return {company: rest for company, _, rest in (line.partition("\t") for line in lines)}
