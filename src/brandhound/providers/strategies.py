"""What is done about a failure, by its class: a table, not code.

Each class has its moves in the order in which they are tried; a move that the caller has no means for (nobody else to ask,
nothing to shorten) is passed over. `brandhound.providers.pursuing` carries them out; `jobs.retrying` reads tries and waits.
"""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from brandhound.providers.classifying.failure import Failure, FailureClass

__all__ = ["STRATEGIES", "Decision", "Effect", "Move", "Strategy", "backoff", "decide"]


class Move(StrEnum):
    """One thing that can be done about a failure."""

    RETRY_AFTER = "retry_after"
    """Ask again after the wait that the other side named."""
    BACK_OFF = "back_off"
    """Ask again after a wait that doubles, drawn anew between nothing and its limit (full jitter)."""
    WAIT_FOR_RESET = "wait_for_reset"
    """Park the work until the quota begins anew."""
    SWITCH_PROVIDER = "switch_provider"
    """Ask the next service that can do the same."""
    SHRINK_INPUT = "shrink_input"
    """Ask for less at once."""
    ASK_AGAIN = "ask_again"
    """Ask again at once, showing what was wrong with the answer."""
    DEGRADE = "degrade"
    """Do it without: a headline instead of a summary, the word list instead of the model."""
    PARK = "park"
    """Put the work aside until a person has mended it."""
    GIVE_UP = "give_up"
    """Let it fail, and tell."""


class Effect(StrEnum):
    """What a failure does to the breaker of its service."""

    NONE = "none"
    COUNTS = "counts"
    OPENS = "opens"


FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)
PATIENCE = timedelta(minutes=1)
"""A longer wait is not spent inside of a run: the work is parked, and holds no worker."""


@dataclass(frozen=True)
class Strategy:
    """What is done about one class of failures."""

    says: str
    moves: tuple[Move, ...]
    tries: int
    """How often the same question is put to the same service in all."""
    effect: Effect
    opens_for: timedelta | None = timedelta(seconds=30)
    """How long the breaker stays open the first time; None: until a person says to try."""
    tells: bool = False
    """Whether somebody has to be told, because it does not heal by itself."""


_AGAIN = (Move.BACK_OFF, Move.SWITCH_PROVIDER, Move.DEGRADE, Move.GIVE_UP)
_HUMAN = (Move.SWITCH_PROVIDER, Move.DEGRADE, Move.PARK)

STRATEGIES: Mapping[FailureClass, Strategy] = {
    FailureClass.RETRY_AFTER: Strategy(
        "Waits as long as it is asked to, and leaves the service alone meanwhile.",
        (Move.RETRY_AFTER, Move.SWITCH_PROVIDER, Move.DEGRADE, Move.GIVE_UP),
        tries=6,
        effect=Effect.NONE,
    ),
    FailureClass.BACKOFF: Strategy(
        "Tries again after waits that grow, then asks another.", _AGAIN, tries=4, effect=Effect.COUNTS
    ),
    FailureClass.SLOW_DOWN: Strategy(
        "Halves the calls at the same time for a quarter of an hour, and tries again.",
        _AGAIN,
        tries=5,
        effect=Effect.NONE,
    ),
    FailureClass.WAIT_QUOTA: Strategy(
        "Asks another, or waits for the quota to begin anew.",
        (Move.SWITCH_PROVIDER, Move.DEGRADE, Move.WAIT_FOR_RESET),
        tries=1,
        effect=Effect.OPENS,
        tells=True,
    ),
    FailureClass.BILLING: Strategy(
        "Never tries again by itself: tells a person, and waits for them.",
        _HUMAN,
        tries=1,
        effect=Effect.OPENS,
        opens_for=None,
        tells=True,
    ),
    FailureClass.AUTH: Strategy(
        "Never tries again by itself: tells a person, and waits for them.",
        _HUMAN,
        tries=1,
        effect=Effect.OPENS,
        opens_for=None,
        tells=True,
    ),
    FailureClass.CONFIG: Strategy(
        "Tells a person; looks again by itself now and then, since a server may have been started.",
        _HUMAN,
        tries=1,
        effect=Effect.OPENS,
        opens_for=timedelta(minutes=5),
        tells=True,
    ),
    FailureClass.SHRINK: Strategy(
        "Asks for less at once, one time.",
        (Move.SHRINK_INPUT, Move.SWITCH_PROVIDER, Move.DEGRADE, Move.GIVE_UP),
        tries=2,
        effect=Effect.NONE,
    ),
    FailureClass.CONTENT_BLOCKED: Strategy(
        "Does without: asking again would be refused again.",
        (Move.DEGRADE, Move.GIVE_UP),
        tries=1,
        effect=Effect.NONE,
    ),
    FailureClass.BAD_OUTPUT: Strategy(
        "Asks once more, showing what was wrong.",
        (Move.ASK_AGAIN, Move.SWITCH_PROVIDER, Move.DEGRADE, Move.GIVE_UP),
        tries=2,
        effect=Effect.NONE,
    ),
    FailureClass.NETWORK: Strategy(
        "Tries again after waits that grow, then asks another.", _AGAIN, tries=4, effect=Effect.COUNTS
    ),
    FailureClass.FATAL: Strategy(
        "Fails at once: the same again would fail again.",
        (Move.DEGRADE, Move.GIVE_UP),
        tries=1,
        effect=Effect.NONE,
    ),
}

_OF_TRIES = {Move.RETRY_AFTER, Move.BACK_OFF, Move.SHRINK_INPUT, Move.ASK_AGAIN}


@dataclass(frozen=True)
class Decision:
    """What to do now, and how long to wait before."""

    move: Move
    wait: timedelta = timedelta(0)


def decide(failure: Failure, failures: int, able: Collection[Move]) -> Decision:
    """The next move after so many failures in a row at one service. `able` are the moves the caller has means for."""
    strategy = STRATEGIES[failure.cls]
    for move in strategy.moves:
        if move in _OF_TRIES and failures >= strategy.tries:
            continue
        match move:
            case Move.RETRY_AFTER if failure.retry_after is not None:
                return Decision(move, timedelta(seconds=failure.retry_after))
            case Move.BACK_OFF:
                return Decision(move, backoff(failures))
            case Move.PARK | Move.WAIT_FOR_RESET | Move.GIVE_UP:
                return Decision(move)
            case _ if move in able:
                return Decision(move)
            case _:
                continue
    return Decision(Move.GIVE_UP)


def backoff(failures: int, first: timedelta = FIRST_WAIT, limit: timedelta = LONGEST_WAIT) -> timedelta:
    """A wait drawn between nothing and a limit that doubles with each failure: those who failed together come back apart."""
    return random.uniform(0, 1) * min(limit, first * 2 ** min(max(failures - 1, 0), 30))
