"""The figures that are read from the tables and the machine when somebody asks. Each is one bounded question."""

import shutil

from brandhound.admin import server
from brandhound.admin.queues import queue_standings
from brandhound.admin.reading import looking, looking_at_server, rows
from brandhound.core.db import Db
from brandhound.core.measuring import Reading, metric
from brandhound.core.settings import settings

QUEUE_DEPTH = metric("brandhound_queue_depth", "gauge", "Runs that wait in a queue and could be begun.", "queue")
QUEUE_RUNNING = metric("brandhound_queue_running", "gauge", "Runs that are being done.", "queue")
QUEUE_WAITING = metric("brandhound_queue_waiting", "gauge", "Runs that wait for a time or for somebody.", "queue")
QUEUE_OLDEST = metric(
    "brandhound_queue_oldest_wait_seconds", "gauge", "How long the oldest run in a queue has waited.", "queue"
)
QUEUE_WAIT = metric(
    "brandhound_queue_wait_p95_seconds", "gauge", "Wait before the first step, 95th of 100, last hour.", "queue"
)
QUEUE_RUN = metric("brandhound_queue_run_p95_seconds", "gauge", "How long runs took, 95th of 100, last hour.", "queue")
RUNS_FAILED = metric("brandhound_runs_failed_last_hour", "gauge", "Runs that failed in the last hour.", "queue")
STUCK = metric("brandhound_runs_stuck", "gauge", "Runs whose worker has not been heard of for five minutes.")
DEAD = metric("brandhound_dead_letters", "gauge", "Runs that were given up and wait for a person.")
DRIFT = metric("brandhound_scheduler_drift_seconds", "gauge", "How late the latest schedule that is due is.")
WORKERS = metric("brandhound_workers", "gauge", "Workers that are alive.")
BEAT = metric("brandhound_worker_silence_seconds", "gauge", "Time since the quietest living worker was heard of.")
FEEDS = metric("brandhound_feeds", "gauge", "Followed feeds by state.", "state")
FEEDS_LATE = metric("brandhound_feeds_late", "gauge", "Feeds whose check is over ten minutes late.")
FEEDS_HEALTHY = metric(
    "brandhound_feeds_healthy_ratio", "gauge", "Share of followed feeds that are read without trouble."
)
FAULTS = metric("brandhound_faults_open", "gauge", "Faults in the error inbox that nobody has resolved.")
DB_BYTES = metric("brandhound_database_bytes", "gauge", "Size of the database.")
DB_CONNECTIONS = metric("brandhound_database_connections", "gauge", "Connections to the database server.")
DB_CONNECTIONS_MOST = metric("brandhound_database_connections_max", "gauge", "Connections that the server allows.")
DB_BLOCKED = metric("brandhound_database_blocked", "gauge", "Statements that wait for a lock.")
DB_LONGEST = metric("brandhound_database_longest_transaction_seconds", "gauge", "Age of the oldest open transaction.")
DISK_FREE = metric("brandhound_disk_free_bytes", "gauge", "Free space on the disk of the data directory.")
BACKUP_AGE = metric("brandhound_backup_age_seconds", "gauge", "Time since the last backup; absent if there was none.")
BREAKERS = metric("brandhound_breakers_open", "gauge", "Circuit breakers of providers that are open.", "provider")
CALLS = metric("brandhound_provider_calls", "gauge", "Calls of a provider in the last five minutes.", "provider")
CALLS_FAILED = metric(
    "brandhound_provider_calls_failed", "gauge", "Those of them that speak against the provider.", "provider"
)
DELIVERIES = metric("brandhound_deliveries_waiting", "gauge", "Notices on their way out of the product.", "state")

LIVING = 60
"""Seconds without a beat after which a worker does not count as alive."""

WAITING_DELIVERIES = ("pending", "held", "failed")

# One question, because each way to the server and back costs more than any of them.
_COUNTS = f"""
select
  (select count(*) from runs r where state = 'running' and not exists
     (select 1 from workers w where w.executor_id = r.worker and w.beat_at > now() - interval '5 minutes')) as stuck,
  (select count(*) from runs where state = 'dead') as dead,
  (select coalesce(max(extract(epoch from now() - next_at)), 0)::float from schedules
    where not paused and next_at < now()) as drift,
  (select count(*) from workers where beat_at > now() - interval '{LIVING} seconds') as workers,
  (select coalesce(max(extract(epoch from now() - beat_at)), 0)::float from workers
    where beat_at > now() - interval '{LIVING} seconds') as silence,
  (select count(*) from error_groups where state = 'open') as faults,
  (select extract(epoch from now() - at)::float from installation_facts where name = 'backup') as backup_age,
  (select coalesce(jsonb_object_agg(provider, n), '{{}}') from
    (select provider, count(*) as n from provider_breakers where state = 'open' group by 1) b) as breakers,
  (select coalesce(jsonb_object_agg(state, n), '{{}}') from
    (select state, count(*) as n from notification_deliveries where state in ('pending', 'held', 'failed') group by 1) d)
    as deliveries,
  (select coalesce(jsonb_object_agg(provider, counted), '{{}}') from
    (select b.provider, jsonb_build_array(sum(t.calls), sum(t.failures)) as counted
       from provider_tallies t join provider_breakers b on b.id = t.breaker_id
      where t.slot > now() - interval '5 minutes' group by 1) c) as calls
"""
_FEEDS = """
select case when state = 'active' and silent_since is not null then 'silent' else state end as state, count(*) as feeds,
       count(*) filter (where next_check_at < now() - interval '10 minutes'
                          and coalesce(claimed_until, now()) <= now()) as late
  from feed_documents where state <> 'parked' group by 1
"""


async def from_tables(db: Db) -> list[Reading]:
    """What the tables say across organizations."""
    found: list[Reading] = []
    for one in await queue_standings(db):
        queue = (str(one["queue"]),)
        found += [
            Reading(QUEUE_DEPTH, queue, one["depth"]),
            Reading(QUEUE_RUNNING, queue, one["running"]),
            Reading(QUEUE_WAITING, queue, one["waiting"]),
            Reading(QUEUE_OLDEST, queue, one["oldest_wait_seconds"]),
            Reading(QUEUE_WAIT, queue, one["wait_p95_seconds"] or 0.0),
            Reading(QUEUE_RUN, queue, one["run_p95_seconds"] or 0.0),
            Reading(RUNS_FAILED, queue, one["failed_last_hour"]),
        ]
    counts = (await rows(db, _COUNTS))[0]
    for name, key in (
        (STUCK, "stuck"), (DEAD, "dead"), (DRIFT, "drift"), (WORKERS, "workers"), (BEAT, "silence"), (FAULTS, "faults"),
    ):  # fmt: skip
        found.append(Reading(name, (), float(counts[key])))
    if counts["backup_age"] is not None:
        found.append(Reading(BACKUP_AGE, (), float(counts["backup_age"])))
    # All closed is a figure, too: rules need to see that it is over.
    found += [Reading(BREAKERS, (label,), number) for label, number in (counts["breakers"] or {"any": 0}).items()]
    for provider, (calls, failures) in counts["calls"].items():
        found += [Reading(CALLS, (provider,), calls), Reading(CALLS_FAILED, (provider,), failures)]
    found += [Reading(DELIVERIES, (state,), counts["deliveries"].get(state, 0)) for state in WAITING_DELIVERIES]
    return found + await _feeds(db)


async def from_server(db: Db) -> list[Reading]:
    """What the database server says of itself."""
    one = await server.summary(db)
    return [
        Reading(DB_BYTES, (), one["bytes"]),
        Reading(DB_CONNECTIONS, (), one["connections"]),
        Reading(DB_CONNECTIONS_MOST, (), one["most_connections"]),
        Reading(DB_BLOCKED, (), one["blocked"]),
        Reading(DB_LONGEST, (), one["longest_transaction"]),
    ]


def from_machine() -> list[Reading]:
    """What this machine says."""
    folder = settings().data_dir
    return [Reading(DISK_FREE, (), shutil.disk_usage(folder).free)] if folder.exists() else []


async def readings() -> list[Reading]:
    """All of them, now."""
    found = from_machine()
    async with looking() as db:
        found += await from_tables(db)
    async with looking_at_server() as db:
        found += await from_server(db)
    return found


async def _feeds(db: Db) -> list[Reading]:
    states = await rows(db, _FEEDS)
    total = sum(row["feeds"] for row in states)
    healthy = sum(row["feeds"] for row in states if row["state"] in ("active", "silent"))
    found = [Reading(FEEDS, (row["state"],), row["feeds"]) for row in states]
    found.append(Reading(FEEDS_LATE, (), sum(row["late"] for row in states)))
    return [*found, Reading(FEEDS_HEALTHY, (), healthy / total if total else 1.0)]
