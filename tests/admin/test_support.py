"""The doctor as a page, and a bundle for whoever helps: no secret and nothing of an organization is in it."""

import io
import json
import os
import zipfile
from collections.abc import Generator
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.admin import catching
from brandhound.admin.pulsing import Pulse
from brandhound.admin.server import shape
from brandhound.app import doctor
from brandhound.app.bundling import scrubbed, unnamed
from brandhound.app.findings import Finding
from brandhound.core.settings import reload_settings
from brandhound.core.system import system_session
from tests.admin.test_inbox import made
from tests.databases import TestDatabase
from tests.factories.people import make_person

CANARIES = {
    "METRICS_TOKEN": "canary-of-metrics-11aa",
    "SENTRY_DSN": "https://canary-of-a-tracker-22bb@errors.example/1",
    "HEARTBEAT_URL": "https://hc.example/canary-of-a-heartbeat-33cc",
    "SMTP_URL": "smtp://user:canary-of-mail-44dd@canary-of-a-mail-host.invalid:9",
    "CONTACT": "canary-of-a-person-55ee@acme.example",
}


@pytest.fixture
def planted() -> Generator[list[str]]:
    """Secrets in the settings."""
    for name, value in CANARIES.items():
        os.environ[f"BRANDHOUND_{name}"] = value
    reload_settings()
    yield ["canary-of"]
    for name in CANARIES:
        del os.environ[f"BRANDHOUND_{name}"]
    reload_settings()


async def test_a_bundle_tells_how_it_is_without_a_secret_or_a_word_of_an_organization(
    operator: httpx.AsyncClient, organization_id: UUID, database: TestDatabase, planted: list[str]
) -> None:
    _, email, cookie = await make_person()
    async with system_session() as db:
        await db.execute(
            text("update organizations set name = 'Canary-of Ltd' where id = :id"), {"id": organization_id}
        )
    catching.catch(made("canary-of-a-message at mail canary-of@x.example"), "web", organization_id=organization_id)
    catching.write_caught()
    pulse = Pulse("worker", "1", process_id="worker-canary-of-a-host-77-abcdef", every=60)
    pulse.tell()
    async with system_session() as db:
        await db.execute(
            text("update processes set host = 'canary-of-a-host' where id = :id"), {"id": pulse.process_id}
        )
    answer = await operator.get("/api/admin/support-bundle")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        files = {name: bundle.read(name).decode() for name in bundle.namelist()}
    everything = "\n".join(files.values())
    key = database.data_dir / "secret.key"
    secrets = [*planted, "Canary-of", email, cookie, *([key.read_text().strip()] if key.exists() else [])]
    assert [secret for secret in secrets if secret in everything] == []
    assert "@" not in "".join(files[name] for name in files if name.endswith(".json"))
    assert set(files) >= {"README.txt", "doctor.json", "settings.json", "health.json", "errors.json", "metrics.txt"}
    assert "could not be found out" not in everything
    assert "metrics_token" in json.loads(files["settings.json"])["set"]
    assert "brandhound_queue_depth" in files["metrics.txt"]
    assert "BrokenPipeError" in files["errors.json"]


async def test_only_operators_can_take_the_bundle(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/admin/support-bundle")).status_code == 403


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail to ann@acme.example now", "mail to (a mail address) now"),
        ("see https://acme.example/x?token=1 there", "see (an address) there"),
        ("key abcdefghijklmnopqrstuvwxyz0123456789 end", "key (something long) end"),
        ("brandhound_database_longest_transaction_seconds 1", "brandhound_database_longest_transaction_seconds 1"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text: str, kept: str) -> None:
    assert scrubbed(text) == kept


def test_names_of_machines_and_people_are_taken_out() -> None:
    told = "worker-Box7-12-ab on box7: box7.acme.example:587 does not answer; /home/ada/.local/share, unboxed box77"
    kept = (
        "worker-(machine 2)-12-ab on (machine 2): (machine 1):587 does not answer; "
        "/home/(somebody)/.local/share, unboxed box77"
    )
    assert unnamed(told, ["box7", "box7.acme.example"]) == kept


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("select * from a where b = 'secret' and c = 12", "select * from a where b = ? and c = ?"),
        (r"select E'it\'s a secret', 1", "select ?, ?"),
        ("do $x$ begin perform 'secret'; end $x$", "do ?"),
        ("select $$secret$$, $1", "select ?, ?"),
        ("insert into a values ('a secret that is cut o", "insert into a values (?"),
    ],
)
def test_statements_are_shown_without_the_values_in_them(statement: str, kept: str) -> None:
    assert shape(statement) == kept


async def test_the_doctor_examines_on_a_page_what_it_does_in_a_terminal(operator: httpx.AsyncClient) -> None:
    told = (await operator.get("/api/admin/doctor")).json()
    findings = {one["check"]: one for one in told["findings"]}
    assert len(findings) >= 30
    assert findings["tables"]["verdict"] == "good"
    assert findings["server statistics"]["verdict"] == "good"
    assert [
        name for name, one in findings.items() if one["verdict"] in ("bad", "warning") and not one["what_to_do"]
    ] == []


async def test_a_check_that_hangs_does_not_hang_the_page(
    operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from brandhound.app.checks import machine

    end = threading.Event()

    def check_that_hangs() -> Finding:
        end.wait(120)
        return Finding("hangs", "good", "")

    monkeypatch.setattr(machine, "CHECKS", (check_that_hangs,))
    findings = await doctor.examine_in_time(0.5)
    end.set()
    assert next(one for one in findings if one.check == "that hangs").verdict == "unknown"
