"""How every part of the installation is, each with what to do when it is not well."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from brandhound import __version__
from brandhound.admin import gauges
from brandhound.admin.remembering import LOOKED
from brandhound.admin.seeing import Seen, look
from brandhound.admin.stalling import stall_of
from brandhound.core.settings import settings
from brandhound.core.wording import count_of

State = Literal["ok", "warning", "critical"]
Figure = float | int | str | None
Figures = dict[str, Figure]

GB = 1e9
STALLED = 10.0
"""Seconds without a turn in a process after which somebody should look."""
JUST_STARTED = 180.0
"""Seconds after the start of the first process in which nobody can have looked at the rules yet."""
ENOUGH_REQUESTS = 50
"""With fewer in ten minutes, one slow answer is the 95th of 100."""

_WORST_FIRST: tuple[State, ...] = ("critical", "warning", "ok")


@dataclass(frozen=True)
class Verdict:
    """How a part is, in words and in numbers."""

    state: State
    words: str
    what_to_do: str = ""
    figures: Figures = field(default_factory=Figures)


@dataclass(frozen=True)
class Part:
    """A part and how it is."""

    name: str
    title: str
    state: State
    words: str
    what_to_do: str
    figures: Figures


async def health() -> list[Part]:
    """Every part, in the order in which one looks at them."""
    seen = await look()
    return [_part(name, title, judge(seen)) for name, title, judge in PARTS]


def worst(parts: Sequence[Part]) -> State:
    """The state of the whole: that of its worst part."""
    states = {part.state for part in parts}
    for state in _WORST_FIRST:
        if state in states:
            return state
    return "ok"


def _part(name: str, title: str, verdict: Verdict) -> Part:
    return Part(name, title, verdict.state, verdict.words, verdict.what_to_do, verdict.figures)


NO_TURN = (
    "Logs → Installation, logger `brandhound.stall`, names the place that it is busy with. If it does not go on by itself, end "
    "that process: another takes over its work. Then tell the makers."
)


def _longest_stall(processes: Sequence[Mapping[str, Any]]) -> float:
    return max((stall_of(one["figures"]) for one in processes), default=0.0)


def _stalled(processes: Sequence[Mapping[str, Any]]) -> str | None:
    """The process whose event loop stands still, in words."""
    worst = max(processes, key=lambda one: stall_of(one["figures"]), default=None)
    seconds = stall_of(worst["figures"]) if worst else 0.0
    if worst is None or seconds < STALLED:
        return None
    return f"process {worst['pid']} on {worst['host']} has stood still for {seconds:.0f} s"


def _web(seen: Seen) -> Verdict:
    webs = [one for one in seen.processes if one["kind"] == "web"]
    figures: Figures = {
        "processes": len(webs),
        "p95_seconds": seen.answer_p95,
        "requests_last_10_minutes": int(seen.requests),
        "longest_stall_seconds": _longest_stall(webs),
    }
    if stalled := _stalled(webs):
        return Verdict("critical", f"{stalled}: whoever asks it waits", NO_TURN, figures)
    versions = sorted({str(one["version"]) for one in seen.processes})
    if len(versions) > 1:
        what = "Start those of the older version anew."
        return Verdict("warning", f"processes of {len(versions)} versions: {', '.join(versions)}", what, figures)
    if seen.answer_p95 is None or seen.requests < ENOUGH_REQUESTS:
        return Verdict("ok", f"version {__version__}", figures=figures)
    if seen.answer_p95 > 2:
        what = "See slow statements under Database; otherwise the machine is too busy."
        return Verdict("warning", f"answers slowly: 95 of 100 within {seen.answer_p95:.1f} s", what, figures)
    quick = f"95 of 100 answers within {seen.answer_p95 * 1000:.0f} ms"
    return Verdict("ok", f"version {__version__}, {quick}", figures=figures)


def _database(seen: Seen) -> Verdict:
    told = seen.server
    used, most = int(told["connections"]), int(told["most_connections"])
    figures: Figures = {
        "bytes": told["bytes"], "connections": used, "most_connections": most, "blocked": told["blocked"],
        "longest_transaction_seconds": told["longest_transaction"], "cache_hits": told["cache_hits"],
    }  # fmt: skip
    size = f"PostgreSQL {told['version']}, {told['bytes'] / 1e6:.0f} MB, {used} of {most} connections"
    if used > 0.9 * most:
        what = "Raise max_connections, put a pooler in front, or run fewer processes."
        return Verdict("critical", f"{used} of {most} connections are taken", what, figures)
    if told["blocked"]:
        what = "Database → Locks names who blocks whom."
        return Verdict(
            "warning", f"{count_of(told['blocked'], 'statement waits', 'statements wait')} for a lock", what, figures
        )
    if told["longest_transaction"] > 600:
        what = "An old transaction keeps dead rows alive: Database names it."
        minutes = told["longest_transaction"] / 60
        return Verdict("warning", f"a transaction is open for {minutes:.0f} minutes", what, figures)
    return Verdict("ok", size, figures=figures)


def _queues(seen: Seen) -> Verdict:
    waits = seen.all_of(gauges.QUEUE_OLDEST)
    depth = seen.all_of(gauges.QUEUE_DEPTH)
    name, oldest = max(waits.items(), key=lambda one: one[1], default=("", 0.0))
    stuck, dead = seen.of(gauges.STUCK), seen.of(gauges.DEAD)
    figures: Figures = {
        "depth": int(sum(depth.values())), "oldest_wait_seconds": oldest, "stuck": int(stuck), "dead": int(dead),
        "failed_last_hour": int(sum(seen.all_of(gauges.RUNS_FAILED).values())),
    }  # fmt: skip
    if oldest > 3600:
        what = "Start more workers; Queues shows which organization or job fills it."
        return Verdict(
            "critical",
            f"the oldest run in {name} has waited for {oldest / 60:.0f} minutes",
            what,
            figures,
        )
    if oldest > 600:
        what = "Start another worker, or look under Queues what fills it."
        return Verdict(
            "warning",
            f"the oldest run in {name} has waited for {oldest / 60:.0f} minutes",
            what,
            figures,
        )
    if stuck:
        what = "A living worker takes them over within a minute; if not, clean up under Jobs."
        return Verdict(
            "warning", f"{count_of(int(stuck), 'run belongs', 'runs belong')} to workers that are gone", what, figures
        )
    if dead:
        what = "Read why under Jobs → Given up, mend the cause, and replay them."
        return Verdict(
            "warning", f"{count_of(int(dead), 'dead letter waits', 'dead letters wait')} for a person", what, figures
        )
    waiting = int(sum(depth.values()))
    return Verdict(
        "ok",
        f"{count_of(waiting, 'run waits', 'runs wait')}, none for long" if waiting else "nothing waits",
        figures=figures,
    )


def _scheduler(seen: Seen) -> Verdict:
    drift = seen.of(gauges.DRIFT)
    figures: Figures = {"drift_seconds": drift}
    if drift > 60:
        what = "Workers keep the schedules: start one, or see whether the database is slow."
        state: State = "critical" if drift > 600 else "warning"
        return Verdict(state, f"the latest is {drift:.0f} s behind its time", what, figures)
    return Verdict("ok", "all come due in time", figures=figures)


def _workers(seen: Seen) -> Verdict:
    living, silence = int(seen.of(gauges.WORKERS)), seen.of(gauges.BEAT)
    workers = [one for one in seen.processes if one["kind"] == "worker"]
    stall = _longest_stall(workers)
    figures: Figures = {"living": living, "longest_silence_seconds": silence, "longest_stall_seconds": stall}
    if not living:
        what = "Start one: `brandhound worker`, or `./run` for everything."
        return Verdict("critical", "none is alive: nothing is fetched", what, figures)
    if silence > 20:
        what = "Its machine may be overloaded or cut off: see Workers."
        return Verdict("warning", f"one has not been heard of for {silence:.0f} s", what, figures)
    if stalled := _stalled(workers):
        return Verdict("warning", f"{stalled}: its runs do not go on", NO_TURN, figures)
    return Verdict("ok", f"{living} alive", figures=figures)


def _providers(seen: Seen) -> Verdict:
    if not seen.open_breakers:
        return Verdict("ok", "none is shut off", figures={"open_breakers": 0})
    first = seen.open_breakers[0]
    names = ", ".join(dict.fromkeys(str(one["provider"]) for one in seen.open_breakers))
    what = first["what_to_do"] or "Providers says what they answered, and lets you try now. Work waits and is not lost."
    words = f"shut off: {names}. {first['reason'] or ''}".strip()
    return Verdict("warning", words, what, {"open_breakers": len(seen.open_breakers)})


def _mail(seen: Seen) -> Verdict:
    waiting = {state: int(number) for state, number in seen.all_of(gauges.DELIVERIES).items()}
    figures: Figures = {**waiting}
    if failed := waiting.get("failed", 0):
        what = "Settings → Notifications lists the deliveries with what the other side answered."
        return Verdict(
            "warning", f"{count_of(failed, 'delivery', 'deliveries')} failed, to be tried again", what, figures
        )
    if settings().smtp_url is None:
        what = "Set BRANDHOUND_SMTP_URL if notices shall also come by mail."
        return Verdict("ok", "no mail server is set: notices stay in the product", what, figures)
    return Verdict("ok", "nothing is held up", figures=figures)


def _disk(seen: Seen) -> Verdict:
    free = seen.of(gauges.DISK_FREE)
    figures: Figures = {"free_bytes": free}
    words = f"{free / GB:.1f} GB free where the data is"
    if free < GB:
        what = "Free some space now: below 1 GB articles and the database may stop being stored."
        return Verdict("critical", words, what, figures)
    if free < 5 * GB:
        return Verdict("warning", words, "Plan for more space: an article takes about 50 kB.", figures)
    return Verdict("ok", words, figures=figures)


def _backup(seen: Seen) -> Verdict:
    last = seen.facts.get("backup")
    what = "Run `brandhound backup FILE`, best every night by a timer of the system, to another disk."
    if last is None:
        return Verdict("warning", "there has been none yet", what, {"age_seconds": None})
    age = seen.now - last.at
    figures: Figures = {"age_seconds": age.total_seconds(), "bytes": last.facts.get("bytes")}
    words = f"the last is {_span(age)} old"
    if age > timedelta(days=2):
        return Verdict("critical" if age > timedelta(days=14) else "warning", words, what, figures)
    return Verdict("ok", words, figures=figures)


def _feeds(seen: Seen) -> Verdict:
    states = {name: int(number) for name, number in seen.all_of(gauges.FEEDS).items()}
    share, late = seen.of(gauges.FEEDS_HEALTHY), int(seen.of(gauges.FEEDS_LATE))
    figures: Figures = {**states, "healthy_ratio": share, "late": late}
    total = sum(states.values())
    if not total:
        return Verdict("ok", "none is followed yet", figures=figures)
    words = f"{share * 100:.0f} % of {total} are read without trouble"
    if late > max(5, total * 0.05):
        what = "Workers fetch: are enough alive, and does the queue `fetch` wait? See Queues."
        return Verdict("warning", f"{late} are checked over ten minutes late", what, figures)
    if share < 0.8:
        what = (
            "Many at once is most often this machine's network: see Doctor. Otherwise Feeds → Health has each reason."
        )
        return Verdict("critical" if share < 0.5 else "warning", words, what, figures)
    return Verdict("ok", words, figures=figures)


def _errors(seen: Seen) -> Verdict:
    faults = int(seen.of(gauges.FAULTS))
    figures: Figures = {"open": faults}
    if faults:
        word = "fault is" if faults == 1 else "faults are"
        return Verdict("warning", f"{faults} {word} open", "Errors lists each with its place.", figures)
    return Verdict("ok", "no open fault", figures=figures)


def _watch(seen: Seen) -> Verdict:
    last = seen.facts.get(LOOKED)
    age = (seen.now - last.at).total_seconds() if last else None
    figures: Figures = {"age_seconds": age}
    if (age is None or age > 300) and max((one["up"] for one in seen.processes), default=0.0) < JUST_STARTED:
        return Verdict("ok", "everything has just been started: the first look is under way", figures=figures)
    if age is None or age > 300:
        words = (
            "nobody has looked at the alert rules yet"
            if age is None
            else f"nobody has looked for {age / 60:.0f} minutes"
        )
        what = "The web server and the workers do it each minute: the log of any of them says what stops them."
        return Verdict("warning", words, what, figures)
    return Verdict("ok", "the rules are looked at each minute", figures=figures)


def _span(age: timedelta) -> str:
    if age >= timedelta(days=2):
        return f"{age.days} days"
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours >= 2 else f"{age.total_seconds() / 60:.0f} minutes"


PARTS: tuple[tuple[str, str, Callable[[Seen], Verdict]], ...] = (
    ("web", "Web server", _web),
    ("database", "Database", _database),
    ("workers", "Workers", _workers),
    ("queues", "Queues", _queues),
    ("scheduler", "Schedules", _scheduler),
    ("feeds", "Feeds", _feeds),
    ("providers", "Providers", _providers),
    ("mail", "Mail and channels", _mail),
    ("disk", "Disk", _disk),
    ("backup", "Backup", _backup),
    ("errors", "Errors", _errors),
    ("watch", "Alerts", _watch),
)
