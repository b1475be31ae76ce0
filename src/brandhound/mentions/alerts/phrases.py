"""The words of the small grammar in which alerts can be asked for in English: patterns, and what each means."""

from brandhound.mentions.standings import ToneLabel

HOURS = {"hour": 1, "hours": 1, "h": 1, "hrs": 1, "day": 24, "days": 24, "week": 168, "weeks": 168}
_COUNTED = (
    ("zero",),
    ("one", "a", "an", "single"),
    ("two", "couple"),
    ("three",),
    ("four",),
    ("five",),
    ("six",),
    ("seven",),
    ("eight",),
    ("nine",),
    ("ten",),
    ("eleven",),
    ("twelve", "dozen"),
    ("thirteen",),
    ("fourteen",),
    ("fifteen",),
    ("sixteen",),
    ("seventeen",),
    ("eighteen",),
    ("nineteen",),
    ("twenty",),
)
NUMBERS = {word: number for number, words in enumerate(_COUNTED) for word in words}
_WORD = "|".join(NUMBERS)
NUMBER = (
    rf"(?:(?:half\s+an?\s+|(?:\d{{1,2}}|{_WORD})\s+)?dozen|(?:an?\s+)?couple"
    rf"|\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,6}}|{_WORD})"
)
"""A whole number. A point groups digits here and cuts them there, so “1.000” is none."""
COUNT = (
    r"(?:(?P<least>at least|no (?:fewer|less) than|not (?:fewer|less) than|more than|over|some|about)\s*)?(?:between\s+)?"
    rf"(?P<number>{NUMBER})(?:\s*[-–]\s*\d{{1,6}}|\s+(?:to|or|and)\s+{NUMBER})?(?P<more>\s+or more|\s*\+)?(?:\s+of)?"
)
"""How many there are at least: of “3 to 5” it is the first."""
TORN = (
    r"(?<![\w-])(?:hundred|thousand|million|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|few|several|many|half)"
    r"(?:\s+and)?(?:\s+an?)?\s+\Z"
)
"""What stands before a number that is only the end of a longer one: “twenty five”, “a hundred and five”."""
AT_MOST = (
    r"\b(?:at most|up to|under|below|(?<!no )(?<!not )(?:fewer|less) than"
    r"|(?:no|not|never)(?: be)?(?: in)? (?:more than|over))\s+\Z"
)
"""What stands before a number that is the most there may be, and not the least."""
OUTLETS = (
    r"(?:different\s+|separate\s+|distinct\s+)?"
    r"(?:outlets?|papers?|newspapers?|news ?sites?|sites?|publications?|magazines?|publishers?|sources?)"
)
STORIES = r"(?:different\s+|separate\s+|new\s+)?(?P<unit>stories|story|articles?|pieces?|mentions?|reports?|times)"
SPAN = (
    r"(?:(?:within|in|inside|during|over|per|for|after)\s+)?(?:the\s+(?:last|past|same|space of)\s+)?"
    rf"(?:(?:\d{{1,6}}\s*[-–]\s*|{NUMBER}\s+(?:to|or)\s+)?(?P<number>\d{{1,3}}[.,]\d{{1,2}}|half(?:\s+an?)?|{NUMBER})(?:\s+of)?"
    rf"(?P<half>\s+and\s+a\s+half)?[\s-]*(?P<unit>{'|'.join(sorted(HOURS, key=len, reverse=True))})"
    r"|(?P<one>hour|day|week))(?P<half_more>\s+and\s+a\s+half)?"
)
"""A stretch of time. Nobody counts stories by halves, but people wait for a day and a half."""

TONES: dict[ToneLabel, str] = {
    "negative": r"negative(?:ly)?|bad(?:ly)?|critical(?:ly)?|hostile|angry|unfavou?rabl[ey]|damning|scathing",
    "positive": r"positive(?:ly)?|good|favou?rabl[ey]|praising|praise[sd]?",
    "neutral": r"neutral(?:ly)?",
    "mixed": r"mixed",
}
_TONE = rf"(?:{'|'.join(TONES.values())})(?!\w)"
_NOT = r"(?:\w+n['’]t|(?:is|are|was|were|do|does|did|has|have)nt|not|never|neither|nor)"
NO_TONE = (
    rf"(?:but\s+)?(?:(?:{_NOT}|no\s+longer|other\s+than|anything\s+but|except(?:\s+for)?|excluding|apart\s+from"
    r"|unless\s+(?:it|they)(?:\s+(?:is|are)|['’](?:s|re)))\s+"
    r"(?:(?:be|been|being|so|too|very|really|that|quite|exactly|entirely|clearly|particularly|especially|overly|ever|even"
    r"|at\s+all|(?:in|with|of)\s+an?)\s+){0,3}|non[\s-])"
    rf"{_TONE}(?:(?:\s*,\s*{_TONE})*\s*,?\s+(?:or|nor)\s+(?:not\s+)?{_TONE})*"
)
"""Tones that a story must not have."""
_ONLY = r"\s+(?:only|just|merely)\b"
_BETWEEN = (
    r"(?:(?:be|been|being|want|need|have|has|had|get|see|hear|any|anything|the|a|an|all|so|too|very|really|at|in|of|on|about"
    r"|with|for|from|by|to|yet|ever|even|only|just|merely|always|necessarily|new|more|single|or|me|us|when|if|it|is|are|they"
    r"|mention|mentions|mentioning|say|says|contain|contains|include|words?|titles?|named)[\s\x00]+)"
)
DENIAL = (
    # What is “not only” wanted is wanted.
    rf"(?<![\w-])(?:{_NOT}(?!{_ONLY})|no|cannot|without|except(?:\s+for)?|excluding|apart\s+from|other\s+than|\x01+)[\s\x00]+"
    rf"{_BETWEEN}{{0,4}}\Z"
)
"""A “not” or the like, and small words after it, at the end of what stands before something."""
NOT_ONLY = rf"(?<![\w-])(?:{_NOT})(?:{_ONLY})[\s\x00]+(?:tell[\s\x00]+)?{_BETWEEN}{{0,4}}\Z"
"""The same of what is wanted, and more than it: “not only negative”."""
BUT_ALSO = r"(?<!\w)(?:but(?:\s+also)?|also)(?!\w)"
"""What comes before the rest of “not only”."""
NOT_THIS = r"(?<![\w-])(?:not|nor|except(?:\s+for)?|excluding|apart\s+from|other\s+than)\s+(?:(?:about|on|of|by)\s+)?\Z"
"""The same before a name. “No Acme stories” are not meant: they are a silence of Acme."""

# Tones and the brand were taken away before: “no positive Acme stories”.
_AND_MORE = r"(?:[\s\x00]|(?:new|more|further|other|single|fresh|or)\b)+"
_NEWS = (
    r"(?:story|stories|articles?|news|coverage|reports?|word"
    # “No mention of safety” is said of a story, not of the brand.
    r"|mentions?(?!\s+of\s+(?!(?:it|them|us|our|my)\b)[^\W\d_]))"
)
_IS_NOT = r"(?:is|are|was|were|has|have|had|do|does|did)(?:n['’]?t|\s+not)\s+"
SILENCE = (
    r"(?:goes|went|is|falls|fell|being|stays|gone)\s+(?:quiet|silent)|silence|"
    r"(?:nothing|nobody|no one"
    # A comparison is none, and “nothing but good news” is the opposite of silence.
    rf"|no(?!\s+more\b[^.;]*\bthan\b){_AND_MORE}{_NEWS}|no\s+(?:outlets?|papers?|newspapers?|sites?)"
    rf"|without(?:\s+(?:any|an?)\b)?{_AND_MORE}(?:story|stories|articles?|news|coverage)"
    rf"|not\s+(?:one|any|(?:an?\s+)?single)\b{_AND_MORE}{_NEWS}"
    rf"|{_IS_NOT}(?:(?:been|had|have|get|got|see|seen)\s+)?any\b{_AND_MORE}{_NEWS}"
    rf"|there\s+{_IS_NOT}(?:been\s+)?(?:an?|one)\b{_AND_MORE}{_NEWS})(?!\s+(?:but|except|other\s+than)\b)"
    r"(?:\s+(?:is|are|was|were|has been|have been|appears?|comes?|said|says|writes?|written|mentions?|mentioned|published|"
    r"at all|new))*|"
    r"(?:is|are|was|has|have)(?:n['’]?t|\s+not)\s+(?:been\s+)?"
    r"(?:mentioned|named|in the (?:news|papers|press|media)|written about|covered|reported on|seen|appeared)|"
    r"(?:does|do|did)(?:n['’]?t|\s+not)\s+appear|"
    r"(?:far\s+|much\s+|many\s+)?(?:fewer|less)\s+(?:(?:stories|coverage|news|articles|mentions|often)\b)?"
    r"(?:[\x00\s]|stories|coverage|news|articles|mentions|about|on|of|in)*\bthan\s+(?:is\s+)?(?:usual|normal)|"
    r"hardly any(?:thing|\s+(?:news|stories|coverage))?|stops? being (?:mentioned|covered|named)"
)
SPIKE = (
    # What stands between was taken away before, or says nothing.
    r"(?:far\s+|much\s+|many\s+)?more\s+(?:(?:stories|coverage|news|articles|mentions|often)\b)?(?:[\x00\s]|about|on|of|in)*"
    r"\bthan\s+(?:is\s+)?(?:usual|normal)|"
    r"unusual(?:ly)?(?:\s+(?:many|much|high|often))?|spik(?:e|es|ing)|surg(?:e|es|ing)|suddenly|peaks?|"
    r"blows?\s+up|explod(?:es|ing)|goes\s+viral|a\s+wave\s+of|a\s+storm(?:\s+of)?|takes?\s+off"
)
ONE_STORY = (
    r"(?:a|an|one|any|the same|some|each|every)\s+(?:single\s+|new\s+|other\s+|\x00+\s+)?(?:story|article|report|piece)"
    r"(?:\s+(?:gets?|goes|spreads?|runs?|appears?))?"
)
CALM = (
    r"only\s+(?:when|if)\s+(?:it\s+)?(?:is\s+)?(?:really\s+|very\s+)?(?:serious|sure|certain|big|important)|rarely|"
    r"when in doubt,? (?:do not|don['’]t)"
)
KEEN = (
    r"even\s+(?:when|if)\s+(?:it\s+)?(?:is|may be|might be)?\s*(?:small|chance|unsure|minor)|"
    r"as\s+(?:early|soon)\s+as\s+possible|(?:very\s+)?sensitive(?:ly)?"
)
ABOUT = (
    r"(?:about|mention(?:s|ing)?|contain(?:s|ing)?|regarding|concerning|with\s+the\s+words?|with|says?|saying|named|titled|"
    r"on)\s+(?:(?:the|its|their|a|an)\s+)?"
)
US = (
    r"(?:my|our)\s+(?:brand|company|firm)|us|"
    r"our(?=\s+(?:ceo|cfo|boss|chief|chair\w*|founders?|spokes\w+|people|staff|products?|stores?|shops?|names?)\b)"
)
NOT_TOLD = (
    r"(?:do\s+not|don['’]t|never|stop)\s+(?:ever\s+)?(?:tell|telling|notify|notifying|alert|alerting|warn|warning|inform|"
    r"informing|send|sending|mail|mailing|let)|(?:tell|notify|alert|warn)\s+(?:me|us)\s+never|no\s+(?:more\s+)?alerts?"
)

_FILLER = """
a about all also am an and any anybody anyone appear appears are as at be been being by can come comes could do does during
each every everything for from get gets give go goes going had happens has have he her hear how i if in inform inside into
is it its itself just know let like me media mention mentioned mentions my named need news notify of on one or our out over
per please press published ring says send should so some somebody someone soon spread spreads stories story than that the
their them then there they thing things this to told tell us warn want wants was we week were what when whenever where
which while who will with within would write writes written you your alert alerts article articles report reports piece
pieces carried carry tone reported covered cover covers coverage day days hour hours same time more least
there's it's i'd i'm that's they're we'd you're
"""
FILLER = frozenset(_FILLER.split())
"""Words that nobody misses in the rule."""

_OTHER_LANGUAGES = """
wenn sobald falls mir mich uns bescheid und oder nicht nichts kein keine über wird werden ist sind eine einen mehr als
tage tagen stunden quand lorsque dès moi nous pas rien ou est sont une plus que jours heures cuando avísame dime sobre
nada más una días horas quando avvisami niente più giorni ore avise nenhum mais dias
"""
OTHER_LANGUAGES = frozenset(_OTHER_LANGUAGES.split())
"""Small words of German, French, Spanish, Italian and Portuguese that are none of English."""

_SMALL = """
above across after again another back because before below between both but down even ever except far few fewer first less
many most much neither never new next no nobody none nor not nothing now off only other own past since still such than though
too under until up usual usually normal very well without yet
"""
SMALL_WORDS = FILLER | NUMBERS.keys() | HOURS.keys() | frozenset(_SMALL.split())
"""Words that anybody needs to say what an alert is for. No title has to hold one, and a brand that is called so is known by its
capitals only."""
