"""Creatives, pictures and videos as the API tells them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from brandhound.twins.meta.latents import CAROUSEL, FLEXIBLE
from brandhound.twins.meta.numbering import id_of
from brandhound.twins.meta.pictures import Cdn, flexible_pictures, has_page_owner, picture_hash, shape_of
from brandhound.twins.meta.selecting import Wanted, edge, pick
from brandhound.twins.meta.worlds import AccountWorld
from brandhound.twins.meta.writing import TITLES, body_of, is_moving, link_of, shop_of, title_of


@dataclass(frozen=True)
class Teller:
    """Tells of what one account shows. `base` is where the twin was asked, `now` when."""

    world: AccountWorld
    cdn: Cdn
    base: str
    now: datetime
    thumbnail: tuple[int, int] = (64, 64)
    works_for_page: bool = False
    """Whether whoever asks has a token of the page that owns some of the videos."""

    @property
    def ordinal(self) -> int:
        return self.world.spec.ordinal

    def time(self, seconds: int) -> str:
        """A moment as the API writes it: where the account is."""
        moment = datetime.fromtimestamp(seconds, UTC).astimezone(self.world.spec.zone)
        return moment.strftime("%Y-%m-%dT%H:%M:%S%z")

    def picture_url(self, index: int, size: str = "") -> str:
        return self.cdn.address(self.base, "picture", self.ordinal, index, size)

    def creative(self, index: int) -> dict[str, Any]:
        """Everything of one creative."""
        world, latents, picture = self.world, self.world.latents, int(self.world.latents.image[index])
        shop, moving = shop_of(world), is_moving(self.world.latents, index)
        story, page = id_of("post", self.ordinal, index), id_of("page", self.ordinal, 0)
        width, height = self.thumbnail
        record: dict[str, Any] = {
            "id": id_of("creative", self.ordinal, index),
            "account_id": world.spec.id,
            "name": f"{title_of(world, index)} {index}",
            "status": "ACTIVE",
            "actor_id": page,
            "object_type": "VIDEO" if moving else "SHARE",
            "effective_object_story_id": f"{page}_{story}",
            "instagram_permalink_url": f"https://www.instagram.com/p/T{index:08x}/",
            "call_to_action_type": shop.call,
            "url_tags": "utm_source=facebook&utm_campaign={{campaign.name}}&utm_content={{ad.name}}",
            "thumbnail_id": str(int(picture_hash(self.ordinal, picture)[:14], 16)),
            "thumbnail_url": edge(lambda _: self.picture_url(picture, f"{width}x{height}")),
            "degrees_of_freedom_spec": {
                "creative_features_spec": {"standard_enhancements": {"enroll_status": "OPT_OUT"}}
            },
            "contextual_multi_ads": {"enroll_status": "OPT_IN"},
        }
        call = {"type": shop.call, "value": {"link": link_of(world, index, self.base)}}
        if latents.format[index] == FLEXIBLE:
            record["asset_feed_spec"] = self._feed(index)
            record["object_story_spec"] = {"page_id": page}
            return record
        record |= {"body": body_of(world, index), "title": title_of(world, index)}
        if moving:
            record["video_id"] = id_of("video", self.ordinal, picture)
            record["object_story_spec"] = edge(
                lambda _: {
                    "page_id": page,
                    "video_data": {
                        "video_id": id_of("video", self.ordinal, picture),
                        "title": title_of(world, index),
                        "message": body_of(world, index),
                        "call_to_action": call,
                        "image_url": self.picture_url(picture),
                        "image_hash": picture_hash(self.ordinal, picture),
                    },
                }
            )
            return record
        record |= {
            "image_hash": picture_hash(self.ordinal, picture),
            "image_url": edge(lambda _: self.picture_url(picture)),
        }
        link: dict[str, Any] = {
            "link": link_of(world, index, self.base),
            "message": body_of(world, index),
            "name": title_of(world, index),
            "description": TITLES[index % len(TITLES)],
            "image_hash": picture_hash(self.ordinal, picture),
            "call_to_action": call,
        }
        if latents.format[index] == CAROUSEL:
            link["child_attachments"] = [
                {
                    "link": f"{link_of(world, index, self.base)}?card={card}",
                    "name": TITLES[(index + card) % len(TITLES)],
                    "image_hash": picture_hash(self.ordinal, int(latents.image[(index + card) % latents.size])),
                    "call_to_action": call,
                }
                for card in range(3)
            ]
        record["object_story_spec"] = {"page_id": page, "link_data": link}
        return record

    def _feed(self, index: int) -> dict[str, Any]:
        world = self.world
        shop = shop_of(world)
        return {
            "images": [{"hash": picture_hash(self.ordinal, p)} for p in flexible_pictures(world, index)],
            "bodies": [{"text": body_of(world, index)}, *({"text": f"{shop.product}. {t}."} for t in TITLES[:2])],
            "titles": [{"text": title_of(world, index)}, *({"text": t} for t in TITLES[2:4])],
            "descriptions": [{"text": TITLES[4]}],
            "link_urls": [{"website_url": link_of(world, index, self.base)}],
            "call_to_action_types": [shop.call],
            "ad_formats": ["AUTOMATIC_FORMAT"],
            "optimization_type": "DEGREES_OF_FREEDOM",
        }

    def image(self, index: int) -> dict[str, Any]:
        """Everything of one picture."""
        name = picture_hash(self.ordinal, index)
        width, height = shape_of(index)
        return {
            "id": f"{self.world.spec.id}:{name}",
            "account_id": self.world.spec.id,
            "hash": name,
            "name": f"picture-{index}.jpg",
            "url": edge(lambda _: self.picture_url(index)),
            "url_128": edge(lambda _: self.picture_url(index, "128x128")),
            "permalink_url": f"{self.base}/ads/image/?d={name}",
            "width": width,
            "height": height,
            "original_width": width,
            "original_height": height,
            "status": "ACTIVE",
            "created_time": self.time(self._made(index)),
            "updated_time": self.time(self._made(index)),
            "is_associated_creatives_in_adgroups": True,
        }

    def video(self, index: int) -> dict[str, Any]:
        """Everything of one video. One that a page owns has no source."""
        latents = self.world.latents
        seconds = int(latents.seconds[index])
        record: dict[str, Any] = {
            "id": id_of("video", self.ordinal, index),
            "title": title_of(self.world, index),
            "length": float(seconds),
            "picture": edge(lambda _: self.picture_url(index)),
            "permalink_url": f"/{id_of('page', self.ordinal, 0)}/videos/{id_of('video', self.ordinal, index)}/",
            "status": {"video_status": "ready"},
            "created_time": self.time(self._made(index)),
            "updated_time": self.time(self._made(index)),
            "published": not has_page_owner(index),
            "from": {"id": id_of("page", self.ordinal, 0), "name": shop_of(self.world).product},
            "thumbnails": edge(lambda wanted: self._thumbnails(index, wanted)),
        }
        if self.works_for_page or not has_page_owner(index):
            record["source"] = edge(lambda _: self.cdn.address(self.base, "video", self.ordinal, index))
        return record

    def _thumbnails(self, index: int, wanted: Wanted) -> dict[str, Any]:
        one: dict[str, Any] = {
            "id": f"{id_of('video', self.ordinal, index)}0",
            "uri": self.picture_url(index),
            "width": 1080,
            "height": 1080,
            "is_preferred": True,
        }
        return {"data": [pick(one, wanted.below, "VideoThumbnail") if wanted.below else one]}

    def _made(self, index: int) -> int:
        latents = self.world.latents
        ad = index if index < latents.size else (index - latents.size) // 4
        return int(self.world.made_at(ad).timestamp())


def picture_indices(world: AccountWorld) -> dict[str, int]:
    """Every picture of an account: from its hash to its index."""
    latents, ordinal = world.latents, world.spec.ordinal
    known = {picture_hash(ordinal, int(index)): int(index) for index in set(latents.image.tolist())}
    for ad in (latents.format == FLEXIBLE).nonzero()[0]:
        known |= {picture_hash(ordinal, index): index for index in flexible_pictures(world, int(ad))}
    return known
