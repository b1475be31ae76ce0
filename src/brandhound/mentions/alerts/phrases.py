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
NUMBER = rf"(?:\d{{1,6}}|{'|'.join(NUMBERS)})"
COUNT = (
    r"(?P<least>at least|no fewer than|more than|over|some|about)?\s*"
    rf"(?P<number>{NUMBER})(?P<more>\s+or more|\s*\+)?(?:\s+of)?"
)
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
    r"(?:(?:within|in|inside|during|over|per|for|after)\s+)?(?:the\s+(?:last|same|space of)\s+)?"
    rf"(?:(?P<number>{NUMBER})\s*)?(?P<unit>{'|'.join(sorted(HOURS, key=len, reverse=True))})"
)

TONES: tuple[tuple[str, tuple[ToneLabel, ...], str], ...] = (
    (
        r"not\s+(?:positive|good|favou?rable)",
        ("negative", "mixed", "neutral"),
        "not positive: negative, mixed or neutral",
    ),
    (
        r"not\s+(?:negative|bad|critical|hostile)",
        ("positive", "mixed", "neutral"),
        "not negative: positive, mixed or neutral",
    ),
    (
        r"negative(?:ly)?|bad(?:ly)?|critical(?:ly)?|hostile|angry|unfavou?rabl[ey]|damning|scathing",
        ("negative",),
        "only with a negative tone",
    ),
    (r"positive(?:ly)?|good|favou?rabl[ey]|praising|praise[sd]?", ("positive",), "only with a positive tone"),
    (r"neutral(?:ly)?", ("neutral",), "only with a neutral tone"),
    (r"mixed", ("mixed",), "only with a mixed tone"),
)
SILENCE = (
    r"(?:goes|went|is|falls|fell|being|stays|gone)\s+(?:quiet|silent)|silence|"
    r"(?:nothing|nobody|no one|no\s+(?:story|stories|article|articles|news|coverage|mentions?|word))"
    r"(?:\s+(?:is|are|was|were|has been|have been|appears?|comes?|said|says|writes?|written|mentions?|mentioned|published|"
    r"at all|new))*|"
    r"(?:is|are|was|has|have)(?:n['’]t|\s+not)\s+(?:been\s+)?(?:mentioned|named|in the news|written about|covered)|"
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
