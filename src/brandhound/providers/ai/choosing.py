"""Which model does what. Nothing chosen means the embedded analysis, which is a choice like the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.providers.ai.accounts import Access, access_to, account_by_id
from brandhound.providers.ai.errors import NoModel, UnknownFeature
from brandhound.providers.ai.features import features
from brandhound.providers.ai.models import ModelAccount, ModelChoice
from brandhound.providers.ai.prices import Price, own_price, price_of


@dataclass(frozen=True)
class Chosen:
    """A model that was chosen for something, ready to be asked."""

    feature: str
    access: Access
    price: Price | None


async def chosen_for(organization_id: UUID, feature: str) -> Chosen:
    """The model chosen for a use. Raises NoModel where the embedded analysis does it, and ModelKeyUnreadable."""
    async with tenant_session(organization_id) as db:
        found = (
            await db.execute(
                select(ModelChoice, ModelAccount)
                .join(ModelAccount, ModelAccount.id == ModelChoice.account_id)
                .where(ModelChoice.feature == feature)
            )
        ).one_or_none()
        if found is None:
            raise NoModel(feature)
        choice, account = found
        price = price_of(account.kind, choice.model, own_price(choice.input_price, choice.output_price))
        return Chosen(feature, access_to(account, choice.model), price)


async def is_chosen(db: Db, feature: str) -> bool:
    """Whether a model does it."""
    return await db.scalar(select(ModelChoice.id).where(ModelChoice.feature == feature)) is not None


async def price_of_choice(db: Db, feature: str) -> Price | None:
    """What the model chosen for a use costs; None where none is chosen, and where its price is not known."""
    chosen = select(ModelChoice, ModelAccount.kind).join(ModelAccount, ModelAccount.id == ModelChoice.account_id)
    found = (await db.execute(chosen.where(ModelChoice.feature == feature))).one_or_none()
    if found is None:
        return None
    choice, kind = found
    return price_of(kind, choice.model, own_price(choice.input_price, choice.output_price))


async def entered_price(db: Db, account_id: UUID, model: str) -> Price | None:
    """What somebody entered as the price of that model, for whatever it does; the newest where there are several."""
    choices = await db.scalars(
        select(ModelChoice)
        .where(ModelChoice.account_id == account_id, ModelChoice.model == model)
        .order_by(ModelChoice.updated_at.desc())
    )
    prices = (own_price(choice.input_price, choice.output_price) for choice in choices)
    return next((price for price in prices if price is not None), None)


async def choices_of(db: Db) -> Mapping[str, ModelChoice]:
    """What is chosen, by use; what is missing is embedded."""
    return {choice.feature: choice for choice in await db.scalars(select(ModelChoice))}


async def choose_model(
    db: Db, feature: str, account_id: UUID, model: str, input_price: int | None, output_price: int | None
) -> None:
    """Have a model do it from now on. Raises UnknownFeature or NotThere."""
    _check(feature)
    account = await account_by_id(db, account_id)
    choice = await db.scalar(select(ModelChoice).where(ModelChoice.feature == feature))
    if choice is None:
        choice = ModelChoice(feature=feature)
        db.add(choice)
    choice.account_id, choice.model, choice.updated_at = account.id, model, clock.now()
    choice.input_price, choice.output_price = input_price, output_price
    await db.flush()
    publish(db, "models", feature)


async def choose_embedded(db: Db, feature: str) -> None:
    """Have the embedded analysis do it from now on. Raises UnknownFeature."""
    _check(feature)
    await db.execute(delete(ModelChoice).where(ModelChoice.feature == feature))
    publish(db, "models", feature)


def _check(feature: str) -> None:
    if feature not in features():
        raise UnknownFeature(feature)
