"""How good the judgements are, for whoever runs the installation: shipped figures beside what people say."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from bench.quality.pairs import LIMIT
from bench.run_all import BENCHES
from brandhound import __version__
from brandhound.admin import quality
from brandhound.core.clock import now
from brandhound.core.db import Db, tenant_session
from brandhound.mentions.learning.models import Audit, AuditItem
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import Judgement
from tests.factories.things import MARK, make_brand, make_story

RESULTS = Path(__file__).parents[2] / "bench" / "RESULTS.md"
MODELS = Path(__file__).parents[2] / "docs/how-to/use-a-model.md"
WORDS = ("Precision", "Recall")


async def test_every_figure_says_what_it_was_measured_on_and_whether_it_was_reached(
    operator: httpx.AsyncClient,
) -> None:
    board = (await operator.get("/api/admin/quality")).json()
    figures = {figure["key"]: figure for figure in board["items"]}
    assert len(figures) == len(board["items"]) >= 9
    for figure in figures.values():
        assert all(figure[name] for name in ("judgement", "measure", "data", "measured_on", "command", "means"))
        assert figure["version"] <= __version__
        if figure["floor"] is not None:
            # What is held in every test must not be above what was measured.
            sign = 1 if figure["better"] == "higher" else -1
            assert sign * figure["floor"] <= sign * figure["value"]
    cold = figures["matching.cold"]
    assert cold["reached"] is (cold["value"] >= cold["reach"])
    assert figures["matching.ece"]["reached"] is (figures["matching.ece"]["value"] <= figures["matching.ece"]["reach"])


def test_what_the_board_says_of_names_is_what_was_measured_last_and_at_the_limit_of_today() -> None:
    figures = {figure.key: figure for figure in quality.figures()}
    precision, recall = figures["names.pairs_precision"], figures["names.pairs_recall"]
    assert {precision.measure, recall.measure} == {f"{word} from {LIMIT:.0%} on".replace("%", " %") for word in WORDS}
    told = " / ".join(f"{figure.value:.3f}".removeprefix("0") for figure in (precision, recall))
    (latest, *_) = [line for line in RESULTS.read_text("utf-8").splitlines() if "two names, one brand" in line]
    assert f"| {told} " in latest
    assert precision.data.split()[0] in latest


def test_each_figure_is_made_anew_with_all_the_others() -> None:
    missing = [
        figure.key for figure in quality.figures() if figure.command.split()[2].removeprefix("bench.") not in BENCHES
    ]
    assert missing == []


def test_what_a_model_adds_is_told_alike_on_the_board_and_where_models_are_set_up() -> None:
    board = {figure.key: f"{figure.value:.2f}".removeprefix("0") for figure in quality.figures()}
    rows = [row.split(" | ") for row in MODELS.read_text("utf-8").splitlines() if row.startswith("| ")]
    told = {row[0].removeprefix("| "): (row[1], row[2].removesuffix(" |")) for row in rows}
    every, doubtful, told_more = (
        next(figures for name, figures in told.items() if words in name)
        for words in ("asked about every mention", "asked about doubtful", "with what else the name means told (")
    )
    assert every[1] == board["matching.with_model"]
    assert doubtful[1] == board["matching.with_model_in_doubt"]
    assert told_more[1] == board["matching.with_model_told"]
    tweets = next(figures for name, figures in told.items() if name.endswith("tweets"))
    news = next(figures for name, figures in told.items() if name.endswith("pages of news"))
    assert tweets == (board["discovery.tweets"].strip("."), board["discovery.tweets_with_model"].strip("."))
    assert (news[0], board["discovery.news_with_model"].strip(".") in news[1]) == (
        board["discovery.news"].strip("."),
        True,
    )
    spans = next(figures for name, figures in told.items() if "exact places" in name)
    assert spans[1] == ", ".join(board[f"spans.{kind}"] for kind in ("comments", "encyclopedia", "reviews"))


async def test_what_an_organizations_people_say_stands_beside_them_without_a_brands_name(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    brand = UUID(await make_brand(client, f"Brand {MARK}"))
    await sampled(organization_id, brand, right=9, wrong=1)
    answer = await operator.get("/api/admin/quality/organizations")
    assert MARK not in answer.text
    live = next(one for one in answer.json()["items"] if one["organization_id"] == str(organization_id))
    assert (live["right"], live["sampled"], live["precision"], live["brands"]) == (9, 10, 0.9, 1)
    assert live["precision_low"] < 0.9 < live["precision_high"]
    assert live["says_little"]
    # Ten of them were said to be 95 % sure, and nine are right.
    assert live["ece"] == 0.05


async def test_an_organization_that_takes_too_long_does_not_hide_the_others(
    operator: httpx.AsyncClient, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = quality.samples_of

    async def slow(db: Db, *given: Any) -> Any:
        await db.execute(text("select pg_sleep(60)"))
        return await real(db, *given)

    await make_brand(operator, "Slow and large")
    monkeypatch.setattr(quality, "PATIENCE_MS", 200)
    monkeypatch.setattr(quality, "samples_of", slow)
    found = (await operator.get("/api/admin/quality/organizations")).json()["items"]
    by_id = {one["organization_id"]: one for one in found}
    assert by_id[operator.headers["x-organization"]]["is_too_slow"]
    # It has no brand, and so nothing to wait for.
    assert not by_id[str(organization_id)]["is_too_slow"]


async def test_the_board_is_for_those_who_run_the_installation(client: httpx.AsyncClient) -> None:
    for address in ("/api/admin/quality", "/api/admin/quality/organizations"):
        refused = await client.get(address)
        assert (refused.status_code, refused.json()["code"]) == (403, "tenancy/operators-only")


async def sampled(organization_id: UUID, brand_id: UUID, *, right: int, wrong: int) -> None:
    """A weekly sample of mentions that are all 95 % sure, and what a person said of each."""
    made = [await make_story(organization_id, brand_id, f"Story {number}") for number in range(right + wrong)]
    async with tenant_session(organization_id) as db:
        audit = Audit(brand_id=brand_id, week_on=now().date(), accept=0.8, shown=right + wrong, hidden=0)
        db.add(audit)
        await db.flush()
        for position, ids in enumerate(made):
            answer: Judgement = "yes" if position < right else "no"
            mention = await db.get_one(Mention, UUID(ids["mention"]))
            mention.judgement, mention.judged_at = answer, now()
            item = AuditItem(audit_id=audit.id, mention_id=mention.id, position=position, layer="shown")
            item.answer, item.answered_at = answer, now()
            db.add(item)
