"""robots.txt as RFC 9309 reads it, plus crawl-delay and content signals. Plain functions; nothing here raises."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_BYTES = 500 * 1024
LONGEST_DELAY = 60.0
MOST_RULES = 10_000

_TOKEN = re.compile(r"[a-zA-Z_-]+")
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AGENT_KEYS = ("user-agent", "useragent", "user agent")


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow line. `*` matches anything, `$` at the end means the end."""

    allows: bool
    pattern: str

    def matches(self, path: str) -> bool:
        """Whether the rule speaks of this path. Linear in the path's length, whatever the pattern."""
        pattern = self.pattern
        is_anchored = pattern.endswith("$")
        parts = (pattern[:-1] if is_anchored else pattern).split("*")
        if not path.startswith(parts[0]):
            return False
        at = len(parts[0])
        if len(parts) == 1:
            return not is_anchored or at == len(path)
        middle, last = parts[1:-1], parts[-1]
        for part in middle:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if is_anchored:
            return len(path) - len(last) >= at and path.endswith(last)
        return path.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class Group:
    """All that one robots.txt says to one visitor, its groups merged."""

    rules: tuple[Rule, ...] = ()
    crawl_delay: float | None = None
    signals: Mapping[str, str] = field(default_factory=dict[str, str])

    def allows(self, path: str) -> bool:
        """The longest matching rule decides; of two equally long ones, the allowing one (RFC 9309, section 2.2.2)."""
        if not self.rules or path == "/robots.txt":
            return True
        normal = normalise(path)
        longest, allowed = -1, True
        for rule in self.rules:
            length = len(rule.pattern)
            if (length > longest or (length == longest and rule.allows)) and rule.matches(normal):
                longest, allowed = length, rule.allows
        return allowed


@dataclass(frozen=True, slots=True)
class Robots:
    """What one robots.txt says to us (`ours`, when it names us) and to everyone."""

    ours: Group | None = None
    everyone: Group = field(default_factory=Group)
    sitemaps: tuple[str, ...] = ()

    @property
    def group(self) -> Group:
        """The group that speaks to us: the one that names us, or else the one for everyone."""
        return self.ours if self.ours is not None else self.everyone


ALLOW_ALL = Robots()


def normalise(path: str) -> str:
    """Percent-encoding in one form, so that two spellings of a path compare equal."""

    def one(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else f"%{match[1].upper()}"

    decoded = _PERCENT.sub(one, path)
    if decoded.isascii():
        return decoded
    return "".join(
        character if character.isascii() else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
        for character in decoded
    )


def parse_robots(body: bytes, token: str) -> Robots:
    """What `body` says to the visitor whose product token is `token`. Beyond 500 KiB it is not read."""
    text = body[:MOST_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    ours = _Reading()
    everyone = _Reading()
    sitemaps: list[str] = []
    listening: list[_Reading] = []
    is_naming = False
    for line in re.split(r"\r\n|\r|\n", text):
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key in _AGENT_KEYS:
            if not is_naming:
                listening = []
            is_naming = True
            if value == "*":
                listening.append(everyone)
            elif (name := _TOKEN.match(value)) and name[0].lower() == token.lower():
                listening.append(ours)
            for reading in listening:
                reading.is_named = True
        elif key == "sitemap":
            # Global, wherever it stands; it does not end a group.
            if _is_web_address(value) and len(sitemaps) < 1000:
                sitemaps.append(value)
        elif key in ("allow", "disallow"):
            is_naming = False
            for reading in listening:
                reading.add_rule(key == "allow", value)
        elif key == "crawl-delay":
            is_naming = False
            for reading in listening:
                reading.add_delay(value)
        elif key in ("content-signal", "content-usage"):
            for reading in listening or [everyone]:
                reading.add_signals(value)
    return Robots(ours.group() if ours.is_named else None, everyone.group(), tuple(dict.fromkeys(sitemaps)))


def _is_web_address(value: str) -> bool:
    """Whether a value is a web address."""
    try:
        parts = urlsplit(value)
        return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)
    except ValueError:
        return False


class _Reading:
    """A group while it is being read, from however many places of the file."""

    def __init__(self) -> None:
        self.is_named = False
        self._rules: list[Rule] = []
        self._delay: float | None = None
        self._signals: dict[str, str] = {}

    def add_rule(self, allows: bool, value: str) -> None:
        # An empty disallow forbids nothing, and a pattern starts with a slash or a wildcard.
        if value and len(self._rules) < MOST_RULES:
            pattern = normalise(value if value[0] in "/*" else "/" + value)
            self._rules.append(Rule(allows, pattern))

    def add_delay(self, value: str) -> None:
        if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII):
            self._delay = max(self._delay or 0.0, min(float(value), LONGEST_DELAY))

    def add_signals(self, value: str) -> None:
        for part in value.split(","):
            name, equals, answer = part.partition("=")
            if equals:
                self._signals[name.strip().lower()] = answer.strip().lower()

    def group(self) -> Group:
        return Group(tuple(dict.fromkeys(self._rules)), self._delay, self._signals)
