"""What operating it needs: a backup, a reader of statistics, a mail server that answers, somebody who is told."""

import socket
import ssl
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import psycopg
from sqlalchemy.dialects import postgresql

from brandhound.admin.exporting_errors import BadDsn, read_dsn
from brandhound.admin.health import JUST_STARTED
from brandhound.admin.remembering import LOOKED
from brandhound.app.findings import Check, Finding
from brandhound.core.addresses import READER_ROLE, database_url
from brandhound.core.settings import settings
from brandhound.core.wording import count_of
from brandhound.tenancy.operating import operator_ids


def _one(statement: str) -> object:
    with psycopg.connect(database_url("system"), connect_timeout=5) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def check_backup() -> Finding:
    at = _one("select at from installation_facts where name = 'backup'")
    fix = "Run `brandhound backup FILE`, best every night by a timer of the system, to another disk."
    if not isinstance(at, datetime):
        return Finding("backup", "warning", "there has been none yet", fix)
    days = (datetime.now(UTC) - at).days
    if days >= 2:
        return Finding("backup", "warning", f"the last is {days} days old", fix)
    return Finding("backup", "good", f"the last is of {at:%Y-%m-%d %H:%M} UTC")


def check_server_statistics() -> Finding:
    sees = _one(f"select pg_has_role(oid, 'pg_read_all_stats', 'usage') from pg_roles where rolname = '{READER_ROLE}'")
    if sees is True:
        return Finding("server statistics", "good", f"{READER_ROLE} sees them, and no row of a table")
    return Finding(
        "server statistics",
        "warning",
        "Admin → Database cannot show the statements of other roles",
        f"As a superuser: grant pg_monitor to {READER_ROLE}; grant {READER_ROLE} to brandhound_system;",
    )


def check_watching() -> Finding:
    at = _one(f"select at from installation_facts where name = '{LOOKED}'")
    age = (datetime.now(UTC) - at).total_seconds() if isinstance(at, datetime) else None
    if age is None or age > 300:
        up = _one("select max(extract(epoch from now() - started_at))::float from processes"
                  " where ended_at is null and seen_at > now() - interval '90 seconds'")  # fmt: skip
        if isinstance(up, float) and up < JUST_STARTED:
            return Finding("alert rules", "good", "everything has just been started: the first look is under way")
    if age is None:
        return Finding("alert rules", "warning", "nobody has looked at them yet", "Start the web server or a worker.")
    minutes = age / 60
    if minutes > 5:
        fix = "The web server and the workers do it each minute: is one running? Its log says what stops it."
        return Finding("alert rules", "warning", f"last looked at {minutes:.0f} minutes ago", fix)
    return Finding("alert rules", "good", "looked at each minute")


def check_operators() -> Finding:
    them = operator_ids().compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    number = _one(f"select count(*) from ({them}) as them")
    if not number:
        fix = "`brandhound setup-link` prints the link that makes the administrator."
        return Finding("operators", "warning", "there is nobody to tell of alerts", fix)
    return Finding("operators", "good", f"{number} {'is' if number == 1 else 'are'} told of alerts")


def check_mail() -> Finding:
    url = settings().smtp_url
    if url is None:
        return Finding("mail", "good", "no mail server is set: notices stay in the product")
    if settings().zero_egress:
        return Finding("mail", "good", "not asked: this installation sends nothing outside")
    parts = urlsplit(url.get_secret_value())
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    try:
        with socket.create_connection((parts.hostname or "", port), 5) as connection:
            connection.settimeout(5)
            greeting = connection.recv(200) if parts.scheme != "smtps" else b"220"
    except OSError as error:
        return Finding("mail", "bad", f"{parts.hostname}:{port} does not answer: {error}", "Check BRANDHOUND_SMTP_URL.")
    if not greeting.startswith(b"220"):
        return Finding(
            "mail", "bad", f"{parts.hostname}:{port} does not greet as a mail server", "Check BRANDHOUND_SMTP_URL."
        )
    return Finding("mail", "good", f"{parts.hostname}:{port} answers")


def check_error_tracker() -> Finding:
    dsn = settings().sentry_dsn
    if dsn is None:
        return Finding("error tracker", "good", "none is set: errors stay in the inbox")
    try:
        read_dsn(dsn.get_secret_value())
    except BadDsn as error:
        return Finding("error tracker", "bad", str(error), "Copy the DSN anew from the tracker's project settings.")
    return Finding("error tracker", "good", "its address is well formed")


def check_metrics() -> Finding:
    if settings().metrics_token:
        return Finding("metrics", "good", "guarded by a token")
    if settings().public_url:
        return Finding("metrics", "good", "nobody may read /metrics: set BRANDHOUND_METRICS_TOKEN to let Prometheus in")
    return Finding("metrics", "good", "only this machine may read /metrics")


def check_certificate() -> Finding:
    address = urlsplit(settings().public_url)
    if address.scheme != "https" or not address.hostname:
        return Finding("certificate", "good", "there is no public https address")
    if settings().zero_egress:
        return Finding("certificate", "unknown", "not looked at: this installation asks nobody outside")
    try:
        with (
            socket.create_connection((address.hostname, address.port or 443), 5) as connection,
            ssl.create_default_context().wrap_socket(connection, server_hostname=address.hostname) as secured,
        ):
            certificate = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        fix = "Renew it, or mend its chain, in the proxy: browsers refuse it, too."
        return Finding("certificate", "bad", f"not accepted: {error.verify_message}", fix)
    except OSError as error:
        fix = "From here the public address cannot be reached; where others can, nothing is wrong."
        return Finding("certificate", "unknown", f"{address.hostname} does not answer: {error}", fix)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - datetime.now(UTC)).days
    if days < 14:
        return Finding(
            "certificate",
            "warning",
            f"ends in {count_of(days, 'day')}",
            "Does the proxy renew it by itself? See its log.",
        )
    return Finding("certificate", "good", f"valid for {count_of(days, 'day')}")


def check_way_out() -> Finding:
    """Where articles may be fetched from: addresses come from strangers, and must not lead into one's own network."""
    inside = (ip_address("169.254.169.254"), ip_address("127.0.0.1"))
    wide = [str(network) for network in settings().private_networks if any(one in network for one in inside)]
    if wide and settings().public_url:
        return Finding(
            "way out",
            "warning",
            f"addresses in {', '.join(wide)} may be fetched, which is this machine itself or the cloud's own service",
            "Name only the networks of your own publishers in BRANDHOUND_PRIVATE_NETWORKS.",
        )
    return Finding("way out", "good", "guarded" if not wide else f"open to {', '.join(wide)}, for trying things out")


CHECKS: tuple[Check, ...] = (
    check_certificate,
    check_way_out,
    check_backup,
    check_server_statistics,
    check_watching,
    check_operators,
    check_mail,
    check_error_tracker,
    check_metrics,
)
