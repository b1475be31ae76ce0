"""Pictures and films of ads: fetched by what is spent on them, known by their bytes, with a reason where they cannot be had."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from brandhound.ads.assets.jobs import FetchAssets
from brandhound.ads.assets.looking import differing_bits, look_at_image
from brandhound.core.db import tenant_session
from brandhound.core.files import files
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.twins.meta import MetaTwin
from tests.ad_syncing.accounts import Connected, rows, sync


async def assets_of(shop: Connected) -> list[dict[str, Any]]:
    names = (
        "kind",
        "state",
        "reason",
        "sha256",
        "phash",
        "bytes",
        "width",
        "height",
        "seconds",
        "poster_sha256",
        "attempts",
    )
    found = await rows(shop, f"select {', '.join(names)} from ad_assets where account_id = :account order by id")
    return [dict(zip(names, row, strict=True)) for row in found]


async def test_what_ads_show_is_fetched_looked_at_and_stored_once(meta: MetaTwin, shop: Connected) -> None:
    await sync(shop, max_images=8, max_videos=6)
    found = await assets_of(shop)
    images = [one for one in found if one["kind"] == "image" and one["state"] == "downloaded"]
    films = [one for one in found if one["kind"] == "video" and one["state"] == "downloaded"]
    assert images
    assert films
    for one in images:
        assert files().path(one["sha256"]).stat().st_size == one["bytes"]
        assert one["width"] > 100
        assert len(one["phash"]) == 16
    for one in films:
        assert one["seconds"] > 1
        assert files().has(one["poster_sha256"])
    assert [one for one in found if one["state"] not in ("downloaded", "wanted") and not one["reason"]] == []
    await sync(shop, max_images=1, max_videos=1)
    again = [one for one in await assets_of(shop) if one["sha256"] in {one["sha256"] for one in images + films}]
    assert {one["attempts"] for one in again} == {1}


def test_alike_pictures_differ_in_few_bits_and_others_in_many(tmp_path: Path) -> None:
    def draw(name: str, flipped: bool, size: int = 400, quality: int = 90) -> Path:
        image = Image.new("RGB", (400, 400), (30, 60, 90))
        pen = ImageDraw.Draw(image)
        pen.ellipse((40, 60, 180, 260), fill=(240, 200, 40))
        pen.rectangle((220, 200, 380, 390), fill=(200, 30, 60))
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if flipped else image
        image.resize((size, size)).save(tmp_path / name, quality=quality)
        return tmp_path / name

    one = look_at_image(draw("one.jpg", flipped=False))
    same = look_at_image(draw("same.jpg", flipped=False, size=220, quality=40))
    other = look_at_image(draw("other.jpg", flipped=True))
    assert differing_bits(one.phash, same.phash) <= 6
    assert differing_bits(one.dhash, same.dhash) <= 6
    assert differing_bits(one.phash, other.phash) > 16


async def test_a_film_of_two_gigabytes_waits_and_it_is_said_why_until_more_may_be_fetched(
    meta: MetaTwin, shop: Connected
) -> None:
    await sync(shop)
    films = await rows(shop, "select external_id from ad_assets where kind = 'video'")
    meta.kept.cdn.huge = {name for (name,) in films}
    try:
        await sync(shop, max_videos=50, max_megabytes=5)
    finally:
        meta.kept.cdn.huge = set()
    found = await rows(shop, "select distinct state, reason, bytes from ad_assets where kind = 'video' order by 1")
    assert ("failed", "over_budget", 2 * 1024**3) in found
    assert {state for state, _, _ in found} <= {"failed", "not_downloadable"}
    said = await rows(shop, "select outcome from runs where job = 'ads.assets' order by id desc limit 1")
    assert "it is larger than the megabytes that a sync may fetch" in said[0][0]
    state = "select state, attempts from ad_assets where kind = 'video' order by external_id"
    before = await rows(shop, state)
    await sync(shop, max_videos=50, max_megabytes=2000)
    assert await rows(shop, state) == before
    # Whoever allows more need not wait for another day.
    await sync(shop, max_videos=50, max_megabytes=2200)
    assert {one for one, _ in await rows(shop, state)} <= {"downloaded", "not_downloadable"}


async def test_films_of_an_account_that_waits_for_a_new_login_are_left_and_told_of_no_second_time(
    meta: MetaTwin, shop: Connected
) -> None:
    await sync(shop, max_images=0, max_videos=0)
    await rows(
        shop,
        "update brand_ad_accounts set state = 'needs_you', state_reason = 'expired' where ad_account_id = :account returning id",
    )
    await fetch(shop, 3)
    ended = await rows(shop, "select state, outcome from runs where job = 'ads.assets' order by state")
    assert ended == [
        ("cancelled", "This ad account cannot be read until somebody connects it again."),
        ("done", "nothing new"),
    ]
    told = (await shop.client.get("/api/notifications")).json()["items"]
    assert [one["title"] for one in told if one["kind"] == "run_failed"] == []


async def fetch(shop: Connected, images: int) -> None:
    """Fetch so many pictures, and no films."""
    wish = FetchAssets.model_validate({"ad_account_id": shop.id, "max_images": images, "max_videos": 0})
    async with tenant_session(shop.organization_id) as db:
        await enqueue(db, "ads.assets", wish)
    await run_until_idle(shop.organization_id, longest_sleep=0.2)


def asked_for_images(meta: MetaTwin) -> int:
    return sum(call.path.endswith("/adimages") for call in meta.calls)


async def test_an_address_that_has_expired_is_asked_for_once_more_and_no_oftener(
    meta: MetaTwin, shop: Connected
) -> None:
    await sync(shop)
    hashes = "select count(*) from ad_assets where kind = 'image' and external_id not like 'thumbnail:%'"
    (there,) = (await rows(shop, hashes))[0]
    assert there >= 3
    await rows(shop, "delete from ad_assets where kind = 'image' and external_id like 'thumbnail:%' returning 1")
    meta.kept.forget_calls()
    meta.kept.cdn.stale = 3
    await fetch(shop, 3)
    first = [one for one in await assets_of(shop) if one["attempts"]]
    assert [(one["state"], one["attempts"]) for one in first] == [("downloaded", 1)] * 3
    # One list of all three, and each of them once more when its address was refused.
    assert asked_for_images(meta) == 4
    if there == 3:
        return
    meta.kept.forget_calls()
    meta.kept.cdn.seconds, before = -60, meta.kept.cdn.seconds
    try:
        await fetch(shop, 1)
    finally:
        meta.kept.cdn.seconds = before
    failed = [one for one in await assets_of(shop) if one["state"] == "failed"]
    assert [(one["reason"], one["sha256"]) for one in failed] == [("expired", None)]
    assert asked_for_images(meta) == 2
