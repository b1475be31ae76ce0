"""Beginning, changing and ending the watch over a brand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.brands.colors import next_color
from brandhound.brands.errors import BrandAlreadyWatched, EmptyName, TooManyNames
from brandhound.brands.events import BrandChanged
from brandhound.brands.folding import fold
from brandhound.brands.models import Brand, BrandName
from brandhound.brands.names import name_with_rules, possible_rules
from brandhound.brands.queries import and_merged_into, brand_by_id
from brandhound.brands.schemas import BrandChanges, NameIn, NewBrand
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.jobs.registry import announce
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

MOST_NAMES = 500
"""Beside its own. More do not slow reading down: a thousand sentences take as long with five brands of 500 names as of 20.

What is built from names whenever one of them changes takes longer, a quarter of a second for 2,500.
"""

# A change of these does not alter which texts speak of the brand.
_LOOKS_ONLY = frozenset({"color", "kind"})


async def watch_brand(db: Db, caller: Caller, new: NewBrand, now: datetime) -> Brand:
    """Watch a brand under its own name and the others given.

    Raises BrandAlreadyWatched, EmptyName or TooManyNames.
    """
    await _refuse_twin(db, new.name, but=None)
    taken = await db.scalars(select(Brand.color))
    brand = Brand(
        name=new.name,
        name_key=name_key(new.name),
        kind=new.kind,
        description=new.description,
        category=new.category,
        website=new.website,
        color=new.color or next_color(taken),
        context_words=new.context_words,
        not_phrases=new.not_phrases,
        namesakes=new.namesakes,
        meanings_off=new.meanings_off,
        paused=False,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    brand.names = _rows_of(new.name, new.names, has_context=bool(new.context_words or new.website))
    db.add(brand)
    await db.flush()
    await record(db, caller, "brands.watched", "brand", brand.id, {"name": brand.name})
    await _tell(db, brand.id)
    return brand


async def change_brand(db: Db, caller: Caller, brand_id: UUID, changes: BrandChanges, now: datetime) -> Brand:
    """Change what is given and leave the rest. Raises NotThere and what `watch_brand` raises."""
    brand = await brand_by_id(db, brand_id)
    given = {
        field: getattr(changes, field) for field in changes.model_fields_set if getattr(changes, field) is not None
    }
    names: list[NameIn] | None = given.pop("names", None)
    if "name" in given:
        await _refuse_twin(db, given["name"], but=brand.id)
        brand.name_key = name_key(given["name"])
    before = {field: getattr(brand, field) for field in given}
    for field, value in given.items():
        setattr(brand, field, value)
    renamed = brand.name != before.get("name", brand.name)
    if names is not None or renamed:
        # As they are: what is kept was taken once, and is no reason to refuse a change of something else.
        kept = [
            NameIn.model_construct(
                text=name.text, kind=name.kind, case_sensitive=name.case_sensitive, needs_context=name.needs_context
            )
            for name in brand.names
        ]
        has_context = bool(brand.context_words or brand.website)
        # No more than it has, and its former name, which is kept as another one.
        most = max(MOST_NAMES, len(brand.names) - (not renamed))
        rows = _rows_of(brand.name, kept if names is None else names, has_context=has_context, most=most)
        await _replace_names(db, brand, rows)
    brand.updated_at = now
    if names is not None or any(before[field] != given[field] for field in given.keys() - _LOOKS_ONLY):
        brand.changed(now)
        await _tell(db, brand.id)
    else:
        publish(db, "brands", brand.id)
    await db.flush()
    await record(db, caller, "brands.changed", "brand", brand.id, {"fields": sorted(changes.model_fields_set)})
    return brand


async def drop_brand(db: Db, caller: Caller, brand_id: UUID) -> None:
    """Stop watching a brand. Its mentions go with it. Raises NotThere."""
    # Before what is theirs, and in the order in which everybody holds brands: nobody waits for somebody who waits for them.
    gone = Brand.id.in_(and_merged_into(brand_id))
    await db.execute(select(Brand.id).where(gone).order_by(Brand.id).with_for_update())
    brand = await brand_by_id(db, brand_id)
    await record(db, caller, "brands.dropped", "brand", brand.id, {"name": brand.name})
    await db.delete(brand)
    # Those who keep something of the brand are told, so that they let go of it.
    await _tell(db, brand_id)


def name_key(name: str) -> str:
    """What two spellings of one name share. Raises EmptyName if nothing is left of it."""
    key = " ".join(fold(name).split())
    if not key:
        raise EmptyName
    return key


async def _refuse_twin(db: Db, name: str, *, but: UUID | None) -> None:
    found = select(Brand.id, Brand.merged_into).where(Brand.name_key == name_key(name))
    twin = (await db.execute(found)).one_or_none()
    if twin is not None and twin.id != but:
        raise BrandAlreadyWatched(twin.merged_into or twin.id)


def _rows_of(own: str, given: Sequence[NameIn], *, has_context: bool, most: int = MOST_NAMES) -> list[BrandName]:
    """`most`: other names than its own."""
    known = {name.text: name for name in reversed(given)}
    wanted = {
        own: known.get(own, NameIn(text=own)),
        **{name.text: known[name.text] for name in given if name.text != own},
    }
    if len(wanted) - 1 > most:
        raise TooManyNames(len(wanted) - 1)
    for text in wanted:
        name_key(text)
    rules = possible_rules([name_with_rules(name.text, name.kind) for name in wanted.values()], has_context=has_context)
    return [
        BrandName(
            position=position,
            text=name.text,
            kind=name.kind,
            case_sensitive=rule.case_sensitive if name.case_sensitive is None else name.case_sensitive,
            needs_context=rule.needs_context if name.needs_context is None else name.needs_context,
        )
        for position, (name, rule) in enumerate(zip(wanted.values(), rules, strict=True))
    ]


async def _replace_names(db: Db, brand: Brand, rows: list[BrandName]) -> None:
    # Gone before the new ones come, or a name that stays would meet itself in the unique constraint.
    brand.names = []
    await db.flush()
    brand.names = rows


async def _tell(db: Db, brand_id: UUID) -> None:
    publish(db, "brands", brand_id)
    await announce(db, BrandChanged(brand_id=brand_id))
