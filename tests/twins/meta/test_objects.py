"""Campaigns, ad sets, ads, creatives, pictures and videos are listed, expanded, filtered and paged as Meta does it."""

import io
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import av
import httpx
import pytest
from PIL import Image

from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.drawing import draw_video

Ask = Callable[..., Any]


def all_pages(client: httpx.Client, first: Any) -> list[Any]:
    found, page = list(first["data"]), first
    while "next" in page.get("paging", {}):
        page = client.get(page["paging"]["next"]).json()
        found += page["data"]
    return found


def test_pages_lead_to_everything_once(client: httpx.Client, meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    ads = all_pages(client, ask(f"{act}/ads", fields="id,effective_status", limit="17"))
    ids = [ad["id"] for ad in ads]
    assert len(ids) == len(set(ids)) > 100
    assert {ad["effective_status"] for ad in ads} & {"DELETED", "ARCHIVED"} == set()
    assert len(ask(f"{act}/ads")["data"]) == 25
    assert ask(f"{meta.account('empty').act}/ads") == {"data": []}


def test_deleted_and_archived_ads_come_only_when_asked_for(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("everything").act
    hidden = [{"field": "ad.effective_status", "operator": "IN", "value": ["ARCHIVED", "DELETED"]}]
    found = ask(f"{act}/ads", fields="effective_status", filtering=hidden, limit="400")["data"]
    assert {ad["effective_status"] for ad in found} == {"ARCHIVED", "DELETED"}


def test_fields_are_expanded_and_unknown_ones_refused(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    fields = "name,creative{title,object_story_spec},adset{name,attribution_spec,campaign{objective}},campaign{name}"
    ad = ask(f"{act}/ads", fields=fields, limit="1")["data"][0]
    assert ad["adset"]["campaign"]["objective"].startswith("OUTCOME_")
    assert set(ad["creative"]) <= {"id", "title", "object_story_spec"}
    campaign = ask(f"{act}/campaigns", fields="name,adsets.limit(2){name,ads.limit(3){id}}", limit="1")["data"][0]
    assert len(campaign["adsets"]["data"]) == 2
    assert len(campaign["adsets"]["data"][0]["ads"]["data"]) <= 3
    error = ask(f"{act}/ads", fields="id,favourite_colour")["error"]
    assert error["code"] == 100
    assert "favourite_colour" in error["message"]


def test_what_has_changed_since_can_be_asked_for(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    since = int((meta.kept.clock.now() - timedelta(days=5)).timestamp())
    changed = [{"field": "ad.updated_time", "operator": "GREATER_THAN", "value": since}]
    found = ask(f"{act}/ads", fields="updated_time", filtering=changed, limit="200")["data"]
    everything = ask(f"{act}/ads", fields="updated_time", limit="200")["data"]
    assert 0 < len(found) < len(everything)
    assert all(datetime.fromisoformat(ad["updated_time"]).timestamp() > since for ad in found)
    meta.advance(timedelta(days=3))
    assert len(ask(f"{act}/ads", fields="id", filtering=changed, limit="200")["data"]) > len(found)


def test_ids_are_longer_than_javascript_can_count_and_several_can_be_asked_for(meta: MetaTwin, ask: Ask) -> None:
    ads = ask(f"{meta.account('tallow-eu').act}/ads", fields="id,name", limit="2")["data"]
    assert all(int(ad["id"]) > 2**53 for ad in ads)
    both = ask("", ids=",".join(ad["id"] for ad in ads), fields="name")
    assert [both[ad["id"]]["name"] for ad in ads] == [ad["name"] for ad in ads]
    missing = ask("120239999900000001", fields="id")["error"]
    assert (missing["code"], missing["error_subcode"]) == (100, 33)


def test_budgets_are_in_the_smallest_unit_and_times_where_the_account_is(meta: MetaTwin, ask: Ask) -> None:
    jp = ask(f"{meta.account('morrow-jp').act}/campaigns", fields="daily_budget,updated_time", limit="1")["data"][0]
    assert jp["updated_time"].endswith("+0900")
    us = ask(f"{meta.account('tallow-us').act}/ads", fields="created_time", limit="200")["data"]
    assert {ad["created_time"][-5:] for ad in us} == {"-0700", "-0800"}


def test_a_large_account_is_paged_by_sixty_thousand(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("everything").act
    page = ask(f"{act}/ads", fields="id", limit="500", summary="true")
    assert len(page["data"]) == 500
    assert page["summary"]["total_count"] > 50_000
    assert (
        ask(f"{act}/ads", fields="id,creative{object_story_spec,asset_feed_spec}", limit="2000")["error"]["code"] == 1
    )


def test_pictures_are_real_and_their_addresses_expire(client: httpx.Client, meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    image = ask(f"{act}/adimages", fields="hash,url,url_128,width,height", limit="1")["data"][0]
    picture = client.get(image["url"])
    assert picture.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(picture.content)).size == (image["width"], image["height"])
    assert max(Image.open(io.BytesIO(client.get(image["url_128"]).content)).size) == 128
    again = ask(f"{act}/adimages", fields="url", hashes=[image["hash"]])["data"][0]
    assert client.get(again["url"]).content == picture.content
    meta.advance(timedelta(days=5))
    old = client.get(image["url"])
    assert (old.status_code, old.text) == (403, "URL signature expired")
    fresh = ask(f"{act}/adimages", fields="url", hashes=[image["hash"]])["data"][0]["url"]
    assert fresh != image["url"]
    assert client.get(fresh).content == picture.content
    assert client.get(fresh.replace("oh=00_", "oh=01_")).status_code == 403


def test_a_full_size_poster_can_be_had_from_the_creative(client: httpx.Client, meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    size = {"thumbnail_width": "1080", "thumbnail_height": "1080"}
    creative = ask(f"{act}/adcreatives", fields="thumbnail_url", limit="1", **size)["data"][0]
    assert max(Image.open(io.BytesIO(client.get(creative["thumbnail_url"]).content)).size) == 1080


def test_videos_play_as_long_as_they_say_and_those_of_pages_have_no_source(
    client: httpx.Client, meta: MetaTwin, ask: Ask
) -> None:
    act = meta.account("tallow-eu").act
    owned = ask(f"{act}/advideos", fields="id,source,length", limit="100")["data"]
    shortest = min(owned, key=lambda video: video["length"])
    with av.open(io.BytesIO(client.get(shortest["source"]).content), "r") as container:
        assert container.duration is not None
        assert abs(container.duration / 1e6 - shortest["length"]) < 0.5
    ads = ask(f"{act}/ads", fields="creative{video_id}", limit="150")["data"]
    used = {ad["creative"]["video_id"] for ad in ads if "video_id" in ad.get("creative", {})}
    of_pages = used - {video["id"] for video in owned}
    assert of_pages
    told = ask(of_pages.pop(), fields="source,length,picture")
    assert "source" not in told
    assert client.get(told["picture"]).status_code == 200


def test_a_video_may_be_larger_than_anybody_wants(client: httpx.Client, meta: MetaTwin, ask: Ask, control: Ask) -> None:
    video = ask(f"{meta.account('tallow-eu').act}/advideos", fields="id,source", limit="1")["data"][0]
    control("PUT", "cdn", huge=[video["id"]])
    with client.stream("GET", video["source"]) as answer:
        assert int(answer.headers["content-length"]) == 2 * 1024**3
        assert len(next(answer.iter_bytes())) > 0
    control("PUT", "cdn", huge=[])


def test_changes_are_told_with_who_made_them(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    since = str(int((meta.kept.clock.now() - timedelta(days=60)).timestamp()))
    told = ask(f"{act}/activities", since=since, limit="200")["data"]
    assert {"create_ad", "update_ad_run_status", "update_campaign_budget"} <= {one["event_type"] for one in told}
    times = [datetime.fromisoformat(one["event_time"]) for one in told]
    assert times == sorted(times, reverse=True)


def test_fields_nobody_has_heard_of_can_come(meta: MetaTwin, ask: Ask, control: Ask) -> None:
    control("PUT", "extra_fields", Ad={"brand_new_thing": {"a": 1}})
    ad = ask(f"{meta.account('tallow-eu').act}/ads", fields="id", limit="1")["data"][0]
    assert ad["brand_new_thing"] == {"a": 1}


def test_the_public_archive_tells_reach_and_hides_nothing_but_the_media(meta: MetaTwin, ask: Ask, control: Ask) -> None:
    asked = {"search_terms": "tallow", "ad_reached_countries": ["DE"], "ad_active_status": "ALL"}
    found = ask("ads_archive", fields="id,page_name,ad_creative_bodies,eu_total_reach,ad_snapshot_url", **asked)["data"]
    assert found
    assert all(ad["eu_total_reach"] >= 0 and "access_token=" in ad["ad_snapshot_url"] for ad in found)
    assert ask("ads_archive", search_terms="tallow")["error"]["code"] == 100
    control("PUT", "archive", open=False)
    error = ask("ads_archive", **asked)["error"]
    assert (error["code"], error["error_subcode"]) == (10, 2332002)


def test_every_picture_that_a_creative_names_can_be_had(meta: MetaTwin, ask: Ask) -> None:
    for key in ("tallow-eu", "morrow-jp"):
        act = meta.account(key).act
        text = json.dumps(ask(f"{act}/adcreatives", fields="image_hash,object_story_spec,asset_feed_spec", limit="200"))
        hashes = sorted(set(re.findall(r'hash": "([0-9a-f]{32})"', text)))
        assert len(hashes) > 20
        found = ask(f"{act}/adimages", fields="hash", hashes=[*hashes, "0" * 32], limit="500")["data"]
        assert sorted(one["hash"] for one in found) == hashes


def test_who_works_for_a_page_gets_the_source_of_its_videos(client: httpx.Client, meta: MetaTwin, ask: Ask) -> None:
    token = meta.user_token(scopes=("ads_read", "pages_show_list", "pages_read_engagement"))
    page = ask("me/accounts", access_token=token, limit="1")["data"][0]
    ads = ask(f"{meta.account('tallow-eu').act}/ads", fields="creative{video_id}", limit="150")["data"]
    videos = sorted({ad["creative"]["video_id"] for ad in ads if "video_id" in ad.get("creative", {})})
    told = ask("", ids=",".join(videos), fields="source,length")
    denied = min((id_ for id_ in videos if "source" not in told[id_]), key=lambda id_: told[id_]["length"])
    assert "source" not in ask(denied, fields="source", access_token=token)
    source = ask(denied, fields="source", access_token=page["access_token"])["source"]
    assert client.get(source).headers["content-type"] == "video/mp4"
    assert ask("me/accounts")["error"]["code"] == 200


def test_an_ad_can_be_previewed(meta: MetaTwin, ask: Ask) -> None:
    ad = ask(f"{meta.account('tallow-eu').act}/ads", fields="id", limit="1")["data"][0]["id"]
    assert "<iframe" in ask(f"{ad}/previews", ad_format="MOBILE_FEED_STANDARD")["data"][0]["body"]
    assert ask(f"{ad}/previews")["error"]["code"] == 100


def test_most_films_have_a_sound_and_some_have_none() -> None:
    def sounds(index: int) -> list[float]:
        with av.open(io.BytesIO(draw_video(1, index, 6, "Hello"))) as film:
            return [
                float(stream.duration * stream.time_base)
                for stream in film.streams.audio
                if stream.duration and stream.time_base
            ]

    assert sounds(1) == [pytest.approx(6, abs=0.2)]
    assert sounds(4) == []
    assert draw_video.__wrapped__(1, 1, 6, "Hello") == draw_video(1, 1, 6, "Hello")
