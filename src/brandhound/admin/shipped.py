"""The alert rules that come with the product. Operators may change, silence or switch off each of them."""

from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy.dialects.postgresql import insert

from brandhound.admin import gauges, measures, sampling, slos
from brandhound.admin.models import AlertRule, Severity
from brandhound.admin.stalling import STALL
from brandhound.core.db import Db
from brandhound.core.ids import uuid7

GB = 1e9
ERRORS = "errors"
"""In the place of a metric: how many errors came into the inbox within the window."""
REGRESSIONS = "regressions"
"""In the place of a metric: how many faults came back within the window after somebody had resolved them."""


@dataclass(frozen=True)
class Shipped:
    """A rule as it comes with the product."""

    shipped: str
    title: str
    what_to_do: str
    metric: str
    comparison: Literal["above", "below"]
    threshold: float
    window_minutes: int
    severity: Severity = "warning"


RULES = (
    Shipped(
        "no-worker", "No worker is alive: nothing is fetched and no report is made",
        "Start one with `brandhound worker`, or `./run` for everything; its log says why it ended.",
        gauges.WORKERS.name, "below", 1, 3, "critical",
    ),
    Shipped(
        "probe", "The web server does not answer its own question",
        "Look into the log of the web process and of the proxy in front of it; `brandhound doctor` examines both ends.",
        measures.PROBE_UP.name, "below", 1, 3, "critical",
    ),
    Shipped(
        "queue-wait", "Runs wait for over ten minutes",
        "Start another worker, or look under Admin → Queues which organization or job fills the queue.",
        gauges.QUEUE_OLDEST.name, "above", 600, 5,
    ),
    Shipped(
        "stuck", "Runs are stuck with workers that are gone",
        "A living worker takes them over within a minute. If none does, start one, or clean up under Jobs.",
        gauges.STUCK.name, "above", 0, 10,
    ),
    Shipped(
        "dead-letters", "Runs were given up and wait for a person",
        "Read why under Jobs → Given up, mend the cause, and replay them all at once.",
        gauges.DEAD.name, "above", 0, 1,
    ),
    Shipped(
        "breaker-open", "A provider has been shut off for a quarter of an hour",
        "Look under Providers what it answers: most often a key, a bill or an outage. Work waits and is not lost.",
        gauges.BREAKERS.name, "above", 0, 15,
    ),
    Shipped(
        "scheduler-drift", "Schedules come due late",
        "Workers keep the schedules: is one alive, and is the database quick? See Admin → Health.",
        gauges.DRIFT.name, "above", 120, 5,
    ),
    Shipped(
        "disk", "The disk is nearly full",
        "Free some space, shorten how long logs are kept, or move BRANDHOUND_DATA_DIR to a bigger disk.",
        gauges.DISK_FREE.name, "below", 2 * GB, 5, "critical",
    ),
    Shipped(
        "backup-age", "The last backup is over a week old",
        "Run `brandhound backup FILE`, best every night by a timer of the system.",
        gauges.BACKUP_AGE.name, "above", 7 * 86_400, 5,
    ),
    Shipped(
        "database-blocked", "Statements wait for locks",
        "Admin → Database names who blocks whom; end that process if it hangs.",
        gauges.DB_BLOCKED.name, "above", 0, 5,
    ),
    Shipped(
        "feeds-ill", "More than a fifth of all feeds cannot be read",
        "If many publishers fail at once it is most often this machine's network or name resolution: see Admin → Doctor.",
        gauges.FEEDS_HEALTHY.name, "below", 0.8, 60,
    ),
    Shipped(
        "slow-web", "The web server answers slowly",
        "Admin → Database shows slow statements; otherwise the machine is too busy: move workers to another one.",
        sampling.REQUEST_P95.name, "above", 2, 10,
    ),
    Shipped(
        "stall", "A process stands still, and nothing in it gets its turn",
        "Logs → Installation, logger brandhound.stall, names the place. If it does not go on, end the process.",
        STALL.name, "above", 30, 2, "critical",
    ),
    Shipped(
        "deliveries-stuck", "Notices do not leave the product",
        "Look at the deliveries under Settings → Notifications: each says what the other side answered.",
        gauges.DELIVERIES.name, "above", 50, 15,
    ),
    Shipped(
        "errors", "Many errors in ten minutes",
        "Admin → Errors groups them by fault, the newest first.",
        ERRORS, "above", 20, 10,
    ),
    Shipped(
        "regression", "A fault that was resolved has come back",
        "Admin → Errors marks it: compare the version that has it with the one that mended it.",
        REGRESSIONS, "above", 0, 10,
    ),
    Shipped(
        "slo-fast", "A promise is being broken fast: 2 % of the month's allowance in an hour",
        "Admin → Metrics shows which one; begin with Admin → Health.",
        slos.BURN_FAST.name, "above", slos.FAST, 1, "critical",
    ),
    Shipped(
        "slo-slow", "A promise is being broken slowly: 5 % of the month's allowance in six hours",
        "Admin → Metrics shows which one; it need not be tonight.",
        slos.BURN_SLOW.name, "above", slos.SLOW, 1,
    ),
)  # fmt: skip


async def bring_shipped(db: Db) -> None:
    """Make the rules that are not there yet; what somebody changed stays. Safe to repeat."""
    values = [{"id": uuid7(), **asdict(rule)} for rule in RULES]
    await db.execute(insert(AlertRule).on_conflict_do_nothing(index_elements=["shipped"]), values)
