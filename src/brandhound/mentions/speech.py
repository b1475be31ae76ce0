"""Who says a sentence: the outlet in its own words, or somebody it quotes. Thinking only.

Speech is known by quotation marks around most of the sentence or around the brand, and by reporting words ("said", "according
to"). The speaker is the nearest name or description beside such a word. English only, but for the quotation marks themselves.
Speech without either sign, and a speaker named in another paragraph, are not seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

REACH = 1500
"""Characters of the paragraph that are looked at on each side."""
LEAST_WORDS = 3
"""Fewer words between marks are a title, a nickname or irony, and nobody's speech."""

_PAIRS = {"“": "”", "«": "»", "„": "“", "‘": "’", '"': '"'}
_OPENING = re.compile(f"[{''.join(_PAIRS)}]")
_LOOK_BACK = 160

# A full stop within a name follows a letter or a title; after any other word, or before such a word, a sentence ends.
_NEXT_SENTENCE = (
    r"(?:The|He|She|It|They|We|You|I|But|And|In|On|At|As|This|That|There|His|Her|Its|Their|For|If|When|While|Our)\b"
)
_SHORTENED = (
    "Dr|Fr|Ft|Lt|MR|Mr|Ms|Mt|St",
    "Adm|Ald|Amb|Col|Cpl|Dep|Det|Drs|Gen|Gov|Hon|Maj|MRS|Mrs|Pvt|Rep|Rev|Sen|Sgt|Ste",
    "Asst|Atty|Brig|Bros|Capt|Cllr|Cmdr|Insp|Msgr|Pres|Prof|Reps|Sens|Supt",
    "Const|Lieut",
    "Messrs",
)
# A pattern looks behind over one length at a time.
_AFTER_SHORTENED = "|".join(rf"(?<=\b(?:{words})\.)" for words in _SHORTENED)
_BLANK = (
    rf"(?:(?<!\.)\s+|(?<=\.)(?:(?<=\b[A-Z]\.)|{_AFTER_SHORTENED})\s+(?!{_NEXT_SENTENCE})|"
    r"(?:(?<=\bCo\.)|(?<=\b(?:Inc|Ltd)\.)|(?<=\bCorp\.))"
    r"\s+(?=(?:Chief|CEO|Chair\w*|President|Vice|Director|Executive|Inc|Ltd|Limited)\b))"
)
_WORD = r"[a-z]?[A-Z][\w.’'-]*+"
_NAME = rf"(?<!\w)(?<!\w[’'])(?>{_WORD}(?:{_BLANK}(?:(?:of|the|de|del|der|van|von|al|bin|for|and)\s+){{0,2}}{_WORD}){{0,5}})"
_SOMEBODY = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur|[Ss]ome|[Mm]any|[Ss]everal|[Tt]wo|[Tt]hree)\s+(?:[\w’'-]+\s+){0,4}?"
    r"(?:spokes(?:man|woman|person|people)|analysts?|company|firm|regulators?|agency|officials?|experts?|critics?|customers?|"
    r"shoppers?|users?|reviewers?|buyers?|owners?|residents?|union|unions|workers?|employees?|executives?|chief executive|"
    r"chairman|chairwoman|founder|minister|ministry|judge|court|lawyers?|lawsuit|report|study|statement|group|investors?|"
    r"reader|readers|fans?|police|prosecutors?|researchers?|scientists?|economists?|activists?|campaigners?)"
    rf"\b(?!['’])(?:\s+(?:of|for|at|from)\s+(?:the\s+)?{_NAME})?"
)
_PLURAL = (
    r"(?:Analysts|Critics|Customers|Experts|Shoppers|Users|Reviewers|Regulators|Investors|Officials|Workers|Residents|Police|"
    r"Prosecutors|Researchers|Campaigners)\b(?!['’])"
)
_WHO = rf"(?P<who>{_SOMEBODY}|{_PLURAL}|{_NAME})"
_TITLE = r"(?:,\s+[^,.;:“”\"\n]{2,80},)?"
_SAY = (
    r"(?:said|says|say|told|tells|added|adds|argued|argues|claimed|claims|called|calls|warned|warns|wrote|writes|tweeted|posted|"
    r"noted|notes|explained|explains|insisted|insists|stated|states|declared|declares|admitted|admits|complained|complains|"
    r"praised|praises|criticis?ed|criticiz(?:ed|es)|accused|accuses|believed?s?|thinks?|thought|alleged|alleges|acknowledged|"
    r"concluded|replied|responded|remarked|commented|quipped|boasted|conceded|confirmed|denied|recalled)"
)
# “Acme’s former engineer Bob Roe”, “the company’s head of design, Bob Roe”: whose engineer he is has not said it.
_LOW = (
    r"(?!(?:of|for|in|at|on|to|from|with|by|about|who|that|as|after|when|while|and|or|but|before|during|is|was|has)\b)"
    r"[a-z][\w-]*"
)
_ROLE = rf"(?:{_LOW}|C[A-Z]{{1,2}}O|[ES]?VP|(?:AI|EU|HR|IT|PR|UK|US)(?=\s+[a-z]))"
_OWNER = (
    r"(?:(?:the|an?|its|their|his|her|our)(?:\s+[\w-]+){1,3}?|(?:[A-Z][\w.-]*\s+(?:(?:of|the|de|der|van|von|and)\s+)?){0,4}?"
    r"[A-Z][\w.-]*?)"
)
_OWNS = r"(?:['’]s|(?<=s)['’])\s+"
_AFTER_OWNER = re.compile(
    rf"^[\s,]*(?:has\s+|have\s+)?{_SAY}\s+{_OWNER}{_OWNS}"
    rf"(?:(?:{_ROLE}\s+){{0,4}}?{_ROLE},?|{_ROLE}(?:\s+(?:of|for|and|{_ROLE})){{1,6}}?,)\s+(?P<who>{_NAME})(?<!['’]s)(?<!['’])"
)
_OWNS_SOMETHING = re.compile(rf"(?<=['’]s)\s+{_LOW}|(?<=s['’])\s+{_LOW}")
# A report speaks for whom it belongs to; a lawyer, a neighbour and a friend do not.
_ACCORDING_TO_OWN = re.compile(
    rf"\b[Aa]ccording to\s+(?P<who>{_OWNER}){_OWNS}(?:[\w-]+\s+){{0,2}}?(?:accounts?|affidavit|analysis|announcement|article|"
    r"blog|book|complaint|data|emails?|estimates?|figures|filings?|findings|indictment|lawsuit|letter|memoirs?|numbers|posts?|release|"
    r"reporting|reports?|research|results|statements?|statistics|story|study|survey|testimony|tweets?|version|web ?site|words)\b"
)
_AFTER_VERB_FIRST = re.compile(rf"^[\s,]*(?:has\s+|have\s+)?{_SAY}\s+{_WHO}")
# “McDonald’s said” and “McDonald’s accused”, but “Roe’s claims” and “Roe’s alleged lies”: behind 's, a word that may also be a
# noun tells nothing, and one that may also be an adjective only tells before “that”, “the” and the like.
_HAS = r"(?:(?:has|have|had)\s+)?(?:also\s+)?"
_NOUNS = r"(?:calls|claims|notes|say|states|thought)"
_ADJECTIVES = r"(?:acknowledged|admitted|alleged|believed|claimed|declared|posted|recalled|stated)"
_THAT = r"(?:that|the|an?|its?|he|she|they|their|his|her)"
_SAYS = (
    rf"(?:(?<!['’]s)(?<!['’])|(?=,\s)|(?=\s+(?:(?:has|have|had)\s+(?:also\s+)?|also\s+){_SAY}\b)|"
    rf"(?=\s+{_SAY}(?![\w-]))(?!\s+{_NOUNS}\b(?!\s*(?:[.:]|$)))"
    rf"(?!\s+{_ADJECTIVES}\s+(?!{_THAT}\b))(?!\s+accused\s+(?!(?:{_THAT}|rivals?)\b|[A-Z]))){_TITLE}"
)
_AFTER_NAME_FIRST = re.compile(rf"^[\s,]*{_WHO}{_SAYS}\s+{_HAS}{_SAY}\b")
_BEFORE = re.compile(rf"{_WHO}{_SAYS}\s+{_HAS}{_SAY}\b[^.“”\"!?\n]{{0,90}}[,:]?\s*$")
_ACCORDING = re.compile(rf"\b[Aa]ccording to\s+{_WHO}")
_REPORTED = re.compile(rf"^[\s“\"‘]*{_WHO}{_SAYS}\s+{_HAS}{_SAY}\b")
# Speech that goes over paragraphs is opened in one and closed in another.
_REPORTED_AT_END = re.compile(
    rf",[\"”»]?\s+(?:{_SAY}\s+(?P<who2>{_SOMEBODY}|{_PLURAL}|{_NAME})|{_WHO}{_TITLE}\s+{_SAY})\s*[.!]?\s*$"
)
_PRONOUN = re.compile(
    rf"^[\s,]*(?:(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t)\s+(?:also\s+)?{_SAY}\b|{_SAY}\s+(?:he|she|they)\b)|"
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey)\s+(?:also\s+)?{_SAY}[^.“”\"!?\n]{{0,60}}[,:]?\s*$"
)
_NOBODY = re.compile(
    r"(?:An?|I|It|He|She|They|We|You|The|This|That|There|Here|What|Who|Nobody|No one|Nothing|None|Everybody|Everyone|Somebody|"
    r"Someone|Anybody|Anyone|Some|Many|Few|Most|Others)(?:['’]s)?"
)
# What a sentence begins with, which is no part of a name after it; elsewhere a name may begin so, like “Here Technologies”.
# “May” and “June” are names but behind “in”.
_BEFORE_NAMES = (
    r"(?:After|Afterwards|Again|Also|Although|And|As|Because|Before|But|Earlier|Even|Finally|Hence|Here|How|However|If|Indeed|"
    r"Instead|Later|Like|Meanwhile|Nor|Now|Once|Only|Or|Perhaps|Recently|Since|So|Still|Then|There|Though|Thus|Today|Tomorrow|"
    r"Simply|Frankly|Briefly|Unless|Until|What|When|Whenever|Where|Whereas|Whether|While|Why|Yesterday|Yet)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_OPENS = re.compile(
    rf"^(?:(?:By|Early|During|From|In|Last|Late|On|Since|This|Until)\s+)+(?:{_DAY}|{_MONTH})(?:\s+|$)|^{_BEFORE_NAMES}(?:\s+|$)|"
    rf"^(?:At|By|During|For|From|In|On|To|With|{_DAY})$"
)
_LAST_DAY = rf"(?<!\bBlack)(?<!\bGood)(?<!\bCyber)(?<!\bSheffield)\s+{_DAY}$"
_DAY_AFTER = re.compile(_LAST_DAY)
_DAY_AFTER_TWO_WORDS = re.compile(rf"(?<=\s)(\S+){_LAST_DAY}")


@dataclass(frozen=True)
class Voice:
    """Whose words they are: the outlet's own, or quoted ones with whoever says them, as far as the text tells."""

    quoted: bool
    speaker: str = ""


OUTLET = Voice(quoted=False)


def voice_of(text: str, start: int, end: int, target_start: int, target_end: int) -> Voice:
    """Who says the sentence between `start` and `end`, in which the target stands. All offsets count in `text`."""
    low, high = _paragraph(text, start, end)
    spans = list(speech_in(text[low:high]))
    spans = [(low + first, low + last) for first, last in spans]
    inside = [(first, last) for first, last in spans if first < end and last > start]
    said = sum(min(end, last) - max(start, first) for first, last in inside)
    around_target = any(first <= target_start and target_end <= last for first, last in inside)
    if inside and (around_target or said * 2 >= end - start):
        first, last = next(
            (span for span in inside if span[0] <= target_start and target_end <= span[1]),
            max(inside, key=lambda span: span[1] - span[0]),
        )
        return Voice(True, _speaker_of(text, first, last, low, high))
    return _reported(text[start:end], target_start - start)


def speech_in(paragraph: str) -> Iterator[tuple[int, int]]:
    """Where speech stands in a paragraph, without its marks. A mark that is never closed holds to the end of the paragraph."""
    at = 0
    while opening := _OPENING.search(paragraph, at):
        at = opening.start()
        if not _opens(paragraph, at):
            at += 1
            continue
        end = _closing_at(paragraph, at + 1, _PAIRS[paragraph[at]])
        if end is None and paragraph[at] == "‘":
            at += 1
            continue
        last = len(paragraph) if end is None else end
        if len(paragraph[at + 1 : last].split()) >= LEAST_WORDS:
            yield at + 1, last
        at = last + 1


def _opens(text: str, at: int) -> bool:
    if text[at] == "“":
        return True
    before = text[at - 1 : at]
    return not before or before.isspace() or before in "([—–-:"


def _closing_at(text: str, begins: int, closing: str) -> int | None:
    at = text.find(closing, begins)
    while at >= 0 and closing == "’" and text[at + 1 : at + 2].isalnum():
        at = text.find(closing, at + 1)
    return at if at >= 0 else None


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    # Not further than is read: a text of one line would be gone through to both ends for each of its mentions.
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    following = text.find("\n", end, high)
    return max(low, text.rfind("\n", low, start) + 1), high if following < 0 else following


def _speaker_of(text: str, first: int, last: int, low: int, high: int) -> str:
    """The speaker named right after the speech, else right before it."""
    after = text[min(last + 1, high) : high]
    if found := _AFTER_OWNER.match(after):
        return _named_within(found["who"])
    if found := _AFTER_VERB_FIRST.match(after):
        if _is_owner(found):
            return ""
        if who := _named_within(found["who"]):
            return who
    if (found := _AFTER_NAME_FIRST.match(after)) and (who := _named(found["who"])):
        return who
    before = text[max(low, first - 1 - _LOOK_BACK) : first - 1]
    if (found := _BEFORE.search(before)) and (who := _named(found["who"])):
        return who
    return _according(after[:120]) or ""


def _reported(sentence: str, target: int) -> Voice:
    """Speech without marks: “Jane Doe said Acme had lied”, “Acme had lied, said Jane Doe”, “according to …”."""
    if (who := _according(sentence)) is not None:
        return Voice(True, who)
    if (found := _REPORTED.match(sentence)) and found.end() <= target and (who := _named(found["who"])):
        return Voice(True, who)
    found = _REPORTED_AT_END.search(sentence)
    if found and found.start() >= target and (who := _named_within(found["who2"] or found["who"] or "")):
        return Voice(True, who)
    return Voice(True) if _PRONOUN.match(sentence) and target > 0 else OUTLET


def _according(text: str) -> str | None:
    """According to whom: nothing where it is only somebody of theirs, and None where it is according to nobody."""
    if found := _ACCORDING_TO_OWN.search(text):
        return _named_within(found["who"]) or None
    found = _ACCORDING.search(text)
    if not found:
        return None
    return "" if _is_owner(found) else _named_within(found["who"]) or None


def _is_owner(found: re.Match[str]) -> bool:
    """Whether it only says whose somebody or something is. “McDonald’s” at the end of its clause is a name."""
    return _OWNS_SOMETHING.match(found.string, found.end("who")) is not None


def _named(who: str) -> str:
    """The speaker in one line; nothing where a sentence's first words only look like a name."""
    said = _in_one_line(who)
    while opens := _OPENS.match(said):
        said = said[opens.end() :]
    said = _DAY_AFTER.sub("", said)
    return "" if _NOBODY.fullmatch(said) else said


def _named_within(who: str) -> str:
    """The speaker where no sentence begins: “said Here Technologies”, “said Joe Friday”, but “said Joe Roe Friday”."""
    return _DAY_AFTER_TWO_WORDS.sub(r"\1", _in_one_line(who)) if _named(who) else ""


def _in_one_line(who: str) -> str:
    return " ".join(who.split()).strip(" .,’'")
