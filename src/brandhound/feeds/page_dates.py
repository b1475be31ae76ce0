"""When a page was published: what it states, what its address says, what stands under its heading."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import chain
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from htmldate import find_date

from brandhound.feeds.dates import parse_date, year_first
from brandhound.feeds.linked_data import LinkedArticle
from brandhound.feeds.page_tags import clean, is_aside, is_of_another, kind_of, values_of, words_of
from brandhound.feeds.page_tree import Element, Line, finder, parts_below

_find_date = cast("Callable[..., str | None]", find_date)

THE_PAGES_OWN = ("article:published_time", "og:article:published_time", "og:published_time")
"""Said of the page itself, whereas linked data may describe several things."""
PUBLISHED = (
    "parsely-pub-date", "datepublished", "sailthru.date", "publish-date", "publish_date", "publishdate", "pubdate",
    "publication_date", "article.published", "published-date", "citation_online_date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date", "date", "created",
    "cxenseparse:recs:publishtime", "rnews:datepublished", "article:created", "shareaholic:article_published_time",
    "bt:pubdate", "pub_date", "last-publish-date", "datecreated", "dcsext.published",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "revised", "article.updated", "modified", "updated_time", "dcsext.modified",
)  # fmt: skip
# Countries with one time zone: a time that names none is theirs, where the host ends so.
ZONES = {
    "ae": "Asia/Dubai", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna", "bd": "Asia/Dhaka",
    "be": "Europe/Brussels", "bg": "Europe/Sofia",
    "bo": "America/La_Paz", "ch": "Europe/Zurich", "cl": "America/Santiago", "cn": "Asia/Shanghai",
    "cr": "America/Costa_Rica", "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen",
    "ee": "Europe/Tallinn", "eg": "Africa/Cairo", "es": "Europe/Madrid", "fi": "Europe/Helsinki", "fr": "Europe/Paris",
    "gr": "Europe/Athens", "gt": "America/Guatemala", "hk": "Asia/Hong_Kong", "hr": "Europe/Zagreb", "hu": "Europe/Budapest",
    "ie": "Europe/Dublin", "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "it": "Europe/Rome", "jp": "Asia/Tokyo",
    "ke": "Africa/Nairobi", "kr": "Asia/Seoul", "lt": "Europe/Vilnius", "lv": "Europe/Riga", "my": "Asia/Kuala_Lumpur",
    "ng": "Africa/Lagos", "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "nz": "Pacific/Auckland", "pe": "America/Lima",
    "ph": "Asia/Manila", "pk": "Asia/Karachi", "pl": "Europe/Warsaw", "pt": "Europe/Lisbon", "py": "America/Asuncion",
    "ro": "Europe/Bucharest", "rs": "Europe/Belgrade", "sa": "Asia/Riyadh", "se": "Europe/Stockholm", "sg": "Asia/Singapore",
    "si": "Europe/Ljubljana", "sk": "Europe/Bratislava", "th": "Asia/Bangkok", "tr": "Europe/Istanbul", "tw": "Asia/Taipei",
    "ua": "Europe/Kyiv", "uk": "Europe/London", "uy": "America/Montevideo", "ve": "America/Caracas", "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg",
}  # fmt: skip
# One look at the attributes, in C; the few elements that match are told apart below.
DATE_MARKS = finder(
    './/time | .//@itemprop[.="datePublished"]/..'
    ' | .//@class[contains(., "date") or contains(., "ublished") or contains(., "meta") or contains(., "timestamp")]/..'
)
DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date-?published|published(?:-?date)?|pub-?date|publish-?date|(?:entry|post|article|story)[_-]?date|date-?line|date"
    r"|timestamp|(?:post|entry|article)-?meta)(?:$|[\s_-])"
)
IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:[/_-]|$|\D)")
A_DATE = (
    r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b[^\W\d]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.|º|er)?\s+(?:de\s+|of\s+)?[^\W\d]{3,10}\.?,?\s+(?:de\s+|del\s+)?(?:19|20)\d\d\b"
    r"|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b|\b(?:19|20)\d\d/\d\d/\d\d\b|\b\d{1,2}/\d{1,2}/(?:19|20)\d\d\b"
)
IN_TEXT = re.compile(A_DATE)
# A line that is a date and nothing else: "Datum: 03.11.2021", "am 20.09.2020", "Tuesday, 5 May 2020 - 10:30".
LONE = re.compile(
    rf"[\s|·–-]*(?:[^\d:]{{1,30}}:\s*|(?:[^\W\d]{{1,12}}[\s,.]+){{0,2}})(?P<date>{A_DATE})"
    r"(?:[\s,.;|@/·–-]+(?:at\s|um\s|à\s|a las\s|alle\s|ore\s)?\s*(?:\d{1,2}\s?[:.hH]\s?\d\d.{0,20})?)?[\s.,;|)·–-]*",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"updat|modif|aktualis|geändert|mis à jour|mise à jour|actualiz|aggiorn|copyright|©", re.IGNORECASE
)
MONTH_FIRST = re.compile(r"([^\W\d]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|º|er)\b|\bof\s", re.IGNORECASE)
DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?$")
YEAR = re.compile(r"(?:19|20)\d\d")
NO_DAY = re.compile(r"(?:\d{4}(?:[-/]\d{1,2})?|\d{1,2}/\d{4}|[^\W\d]{3,10}\.?,?\s+\d{4})$")
MONTH_BEFORE_DAY = {"", "us", "ph", "ca"}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
FUTURE = timedelta(hours=24)
ONE_DAY = timedelta(days=1)
INLINE = {"b", "strong", "em", "i", "font", "span", "small", "u"}
SENTENCES = {"p", "li", "td", "dd", "blockquote"}
LONGEST_AROUND = 120
LONGEST_LINE = 200
MOST_LOOKED_AT = 300
MOST_MARKED = 20


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads dates as the publisher means them: in its time zone, if the host tells it, with its order of day and month."""

    now: datetime
    zone: tzinfo
    day_first: bool

    def read(self, raw: str) -> datetime | None:
        """A date of a page. None for what is no date, lies before the web, or more than a day ahead of now.

        A time without zone is the publisher's; so is the zone in which a time in UTC is given.
        """
        raw = clean(raw)[:120]
        if NO_DAY.match(raw):
            return None
        if EPOCH.match(raw):
            found: datetime | None = datetime.fromtimestamp(int(raw[:10]), UTC)
        else:
            found = self._iso(raw) or year_first(raw, self.zone) or parse_date(self._rearranged(raw))
        if found is None or found < EARLIEST or found > self.now + FUTURE:
            return None
        # A day alone has midnight for its time: it stays the day that it is.
        is_day = not (found.hour or found.minute or found.second) and len(raw) < 20
        return found.astimezone(self.zone) if found.tzinfo is UTC and not is_day else found

    def first(self, values: Iterable[str | None]) -> datetime | None:
        return next((found for value in values if value and (found := self.read(value))), None)

    def within(self, text: str) -> datetime | None:
        match = IN_TEXT.search(text)
        return self.read(match.group()) if match else None

    def _iso(self, raw: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(raw.replace(" UTC", "+00:00").replace(" GMT", "+00:00"))
        except (ValueError, OverflowError):
            return None
        if found.tzinfo is None:
            # Without a time it is a day, and no moment of it.
            return found.replace(tzinfo=self.zone if ":" in raw else UTC)
        return found.replace(tzinfo=UTC) if found.utcoffset() == timedelta(0) else found

    def _rearranged(self, raw: str) -> str:
        """Written-out dates in the order that the readers of feed dates know: day, month, year."""
        if match := DOTTED.match(raw):
            first, second, year = match.groups()
            # With dots the day comes first; with strokes it is as the page's language has it, unless it cannot be.
            month_first = "/" in raw and int(first) <= 12 and (int(second) > 12 or not self.day_first)
            day, month = (second, first) if month_first else (first, second)
            return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
        if match := MONTH_FIRST.search(raw):
            month, day, year = match.groups()
            return f"{day} {month[:3]} {year}"
        return ORDINAL.sub(r"\1 ", raw).replace("  ", " ").strip()


def reader_of_dates(now: datetime, host: str, locale: str) -> DateReader:
    """A reader for a host's pages in a language, with or without country ("en-gb")."""
    country = host.rpartition(".")[2].lower()
    language, _, region = locale.replace("_", "-").partition("-")
    if language == "en" and not region and len(country) == 2:
        region = country
    is_american = language in ("", "en") and region in MONTH_BEFORE_DAY
    return DateReader(now, _zone_of(country), day_first=not is_american)


@lru_cache(maxsize=256)
def _zone_of(country: str) -> tzinfo:
    name = ZONES.get(country)
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC


def published_of_page(
    tree: Element, tags: dict[str, list[str]], linked: LinkedArticle, url: str, dates: DateReader
) -> datetime | None:
    """When the page says that it was published; None where it says nothing believable."""
    stated = [*values_of(tags, THE_PAGES_OWN), linked.published, *values_of(tags, PUBLISHED)]
    day = _day_in(url, dates)
    if found := dates.first(stated):
        return found if day is None else _beside_the_address(found, day)
    if found := _looked_up(tree, day, dates):
        return found
    # A date that was stated and not believed would only be found again.
    return None if any(stated) else _searched(tree, url, dates)


def modified_of_page(tags: dict[str, list[str]], linked: LinkedArticle, dates: DateReader) -> datetime | None:
    return dates.first([linked.modified, *values_of(tags, MODIFIED)])


def _day_in(url: str, dates: DateReader) -> datetime | None:
    match = IN_URL.search(url)
    return dates.read("-".join(part.zfill(2) for part in match.groups())) if match else None


def _beside_the_address(stated: datetime, day: datetime) -> datetime:
    """A stated date, corrected by the day in the page's address.

    The address is made once, at publication. A site that moved states the day of its move: then the address is right.
    A day's difference is one of zones: the moment stays, and is given in the zone in which it was the address's day.
    """
    if stated.date() - day.date() > ONE_DAY:
        return day
    if stated.tzinfo is not UTC:
        return stated
    if stated.date() - day.date() == ONE_DAY and stated.hour < 11:
        return stated.astimezone(timezone(timedelta(hours=-1 - stated.hour)))
    if day.date() - stated.date() == ONE_DAY and stated.hour > 11:
        return stated.astimezone(timezone(timedelta(hours=24 - stated.hour)))
    return stated


def _looked_up(tree: Element, day: datetime | None, dates: DateReader) -> datetime | None:
    """The date that readers see: marked as the publication's, else the address's, else the first below the heading."""
    marked = DATE_MARKS(tree)
    for element in [e for e in marked if e.get("itemprop") == "datePublished" or e.get("pubdate") is not None][:4]:
        if not is_of_another(element) and (found := _date_of(element, dates)):
            return found
    if day is not None:
        return day
    for part in chain(parts_below(tree, MOST_LOOKED_AT), marked[:MOST_MARKED]):
        if isinstance(part, Line):
            found = _date_of_line(part, dates)
        else:
            found = _date_of(part, dates) if part.tag == "time" or _is_called_date(part) else None
        if found:
            return found
    return None


def _is_called_date(element: Element) -> bool:
    return bool(element.get("class")) and DATE_CLASS.search(kind_of(element)) is not None


def _date_of(element: Element, dates: DateReader) -> datetime | None:
    if is_aside(element):
        return None
    stated = dates.first([element.get("content"), element.get("datetime"), element.get("title")])
    return stated or dates.within(words_of(element)[:300])


def _date_of_line(line: Line, dates: DateReader) -> datetime | None:
    match = LONE.fullmatch(clean(line.text)) if len(line.text) < LONGEST_LINE and YEAR.search(line.text) else None
    if match is None or CHANGED.search(match.string):
        return None
    around = line.element
    while around.tag in INLINE and (parent := next(around.iterancestors(), None)) is not None:
        around = parent
    # A date that is set in bold within a sentence is the sentence's, a linked one is that of something else.
    in_a_sentence = around.tag in SENTENCES and len(around.text_content()) > LONGEST_AROUND
    if around.tag == "a" or in_a_sentence or is_aside(line.element):
        return None
    return dates.read(match["date"])


def _searched(tree: Element, url: str, dates: DateReader) -> datetime | None:
    """What htmldate finds where nobody marked anything: the last resort, since it takes time and guesses."""
    try:
        found = _find_date(tree, url=url or None, original_date=True, extensive_search=False)
    except Exception:
        # It reads strangers' pages with hundreds of expressions; no date is an ordinary answer.
        return None
    return dates.read(str(found)) if found else None
