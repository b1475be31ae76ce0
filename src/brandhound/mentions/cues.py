"""Words and patterns beside a name that tell how it is meant."""

import re

BEFORE = re.compile(r"([@#$]?[\w'’&-]+)([.,:;!?]?[ \t]+[\"“‘'(]?|[@#$/.-])?$")
AFTER = re.compile(r"([ \t]?)([\w&][\w'’&-]*)")
LEGAL_FORM = re.compile(
    r",?[ \t](Inc|Incorporated|Corp|Corporation|Co|Company|LLC|LLP|Ltd|Limited|PLC|plc|GmbH|AG|SE|S\.?A|SAS|S\.?p\.?A|N\.?V|B\.?V"
    r"|A/S|AB|ASA|Oyj?|Group|Holdings?|KK|Pty|Pte)\b\.?"
)
EXCHANGES = (
    r"NYSE(?:[ \t]?(?:American|Arca|MKT))?|NASDAQ(?:GS|GM|CM)?|Nasdaq(?:GS|GM|CM)?|AMEX|OTC(?:MKTS|QB|QX|BB)?|LSE|LON|TSX(?:V)?|"
    r"ASX|HKG|HKEX|SEHK|TYO|TSE|FRA|ETR|XETRA|EPA|PAR|AMS|SWX|SIX|BIT|BME|STO|OMX|NSE|BSE|KRX|SGX|JSE"
)
TICKER_AFTER = re.compile(
    rf"[^.!?\n(]{{0,24}}\([ \t]?(?:(?:{EXCHANGES})[ \t]?:[ \t]?|\$)([A-Z0-9.]{{1,6}})\b"
    r"|[ \t]?\(([A-Z]{2,5}(?:\.[A-Z]{1,2})?)\)"
)
TICKER_BEFORE = re.compile(rf"(?:\$|\b(?:{EXCHANGES})[ \t]?:[ \t]?|\()$")
POSSESSIVE = re.compile(r" ?['’](?:s\b|S\b)")
PREPOSITIONS = frozenset(
    ["at", "from", "by", "with", "to", "than", "via", "like", "against", "for", "of", "versus", "vs"]
)
ARTICLES = frozenset(
    [
        "the",
        "a",
        "an",
        "my",
        "your",
        "his",
        "her",
        "our",
        "their",
        "this",
        "that",
        "these",
        "those",
        "some",
        "any",
        "each",
        "every",
        "no",
    ]
)
BUSINESS = frozenset(
    [
        "shares",
        "stock",
        "ceo",
        "cfo",
        "coo",
        "cto",
        "company",
        "companies",
        "retailer",
        "brand",
        "brands",
        "customer",
        "customers",
        "store",
        "stores",
        "app",
        "apps",
        "products",
        "launch",
        "launched",
        "launches",
        "launching",
        "announced",
        "announces",
        "earnings",
        "revenue",
        "revenues",
        "quarter",
        "quarterly",
        "profit",
        "profits",
        "sales",
        "competitor",
        "competitors",
        "rival",
        "rivals",
        "users",
        "founder",
        "startup",
        "firm",
        "maker",
        "chain",
        "investors",
        "analyst",
        "analysts",
        "spokesperson",
        "spokesman",
        "spokeswoman",
        "acquired",
        "acquisition",
        "merger",
        "employees",
        "billion",
        "million",
        "ads",
        "advertising",
        "website",
        "online",
        "software",
        "device",
        "devices",
        "manufacturer",
        "subsidiary",
        "corporation",
        "shareholders",
        "lawsuit",
        "bought",
        "buy",
        "sells",
        "sold",
        "selling",
    ]
)
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "lord",
        "lady",
        "senator",
        "sen",
        "rep",
        "gov",
        "president",
        "judge",
        "justice",
        "captain",
        "officer",
        "coach",
    ]
)
WORD = re.compile(r"[\w']+")
