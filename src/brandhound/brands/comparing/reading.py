"""A name as somebody meant it that came out of a program: broken letters, addresses, card statements, names of campaigns."""

import re
from html import unescape
from urllib.parse import unquote

_ENTITY = re.compile(r"&(?:#?\w{2,8});")
_ESCAPED = re.compile("%[0-9A-Fa-f]{2}")
# UTF-8 that was read as Windows-1252: Ã¶ for ö.
_READ_WRONGLY = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_STATEMENT = re.compile(
    r"^(?:paypal|pp|sq|sumup|zettle|klarna|stripe|google|sp|tst|amzn|payone|adyen)\s?\*\s?(?=\w{3})", re.IGNORECASE
)
_PARTS_OF_CAMPAIGN = re.compile(r"_+|\s*\|\s*|\s+[-\u2013]\s+")
_CAMPAIGN_WORDS = """
    ad ads adset advantage always aon asc awareness bfcm blackfriday brand branded broad campaign catalog catalogue clicks conv
    conversion conversions cpa cpc cpm display dpa engagement evergreen generic lal leadgen leads lookalike nonbrand paid
    performance pmax ppc promo prospecting reach reels remarketing retargeting roas sales search sem shopping social stories
    test traffic ugc video q1 q2 q3 q4 h1 h2
"""
_OF_CAMPAIGNS = frozenset(_CAMPAIGN_WORDS.split())
# Where it ran: brands themselves, so that they only count beside what is surely a campaign's.
_PLATFORMS = frozenset(
    ["bing", "facebook", "fb", "gads", "google", "ig", "instagram", "meta", "tiktok", "youtube", "yt"]
)
_COUNTRY_CODES = "at au be br ca ch cz de dk es eu fi fr ie in it jp mx nl no nz pl pt se uk us usa dach emea"
_BESIDE_CAMPAIGNS = _PLATFORMS.union(_COUNTRY_CODES.split())
_DATE = re.compile(r"\d{2,8}")


def as_meant(text: str) -> str:
    """The name without what a program made of it or put beside it; as it is where nothing else would be left."""
    if _ENTITY.search(text):
        text = unescape(text)
    if _ESCAPED.search(text):
        text = _unquoted(text)
    if _READ_WRONGLY.search(text):
        text = _read_anew(text)
    return _without_campaign(_STATEMENT.sub("", text))


def _unquoted(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeError:
        return text  # 100%Cacao


def _read_anew(text: str) -> str:
    for wrongly in ("cp1252", "latin-1"):
        try:
            return text.encode(wrongly).decode()
        except UnicodeError:
            continue
    return text


def _without_campaign(text: str) -> str:
    """eterna, of eterna_search_brand_DE. One of the parts has to be surely a campaign's: be_quiet is a name."""
    parts = [part for part in _PARTS_OF_CAMPAIGN.split(text.strip("_")) if part]
    of_campaign = [part.casefold() in _OF_CAMPAIGNS for part in parts]
    aside = [
        is_campaign or part.casefold() in _BESIDE_CAMPAIGNS or bool(_DATE.fullmatch(part))
        for part, is_campaign in zip(parts, of_campaign, strict=True)
    ]
    is_joined = "_" in text.strip("_")
    # Of two parts the first may be a name's: Display_Zone. Where and when it ran say enough together: adidas_DE_2026.
    is_sure = any(of_campaign[1:] if is_joined and len(parts) == 2 else of_campaign)
    if not is_sure and not (is_joined and all(aside[-2:]) and len(parts) > 2):
        return text
    return " ".join(part for part, is_aside in zip(parts, aside, strict=True) if not is_aside) or text
