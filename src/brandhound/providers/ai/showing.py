"""Models put together for the screen."""

from collections.abc import Sequence

from brandhound.core.db import Db
from brandhound.core.settings import settings
from brandhound.providers.ai.accounts import accounts_of
from brandhound.providers.ai.choosing import choices_of
from brandhound.providers.ai.features import Feature, features, title_of_feature
from brandhound.providers.ai.kinds import KINDS
from brandhound.providers.ai.models import ModelAccount, ModelChoice
from brandhound.providers.ai.prices import own_price, price_of, priced_models, table_source
from brandhound.providers.ai.schemas import (
    EmbeddedAnalysisOut,
    ModelAccountOut,
    ModelBudgetOut,
    ModelChoiceOut,
    ModelFeatureOut,
    ModelKindOut,
    ModelPriceOut,
    ModelsOut,
    ModelUsageOut,
)
from brandhound.providers.ai.spending import standing
from brandhound.providers.ai.usage import usage_by_day
from brandhound.providers.minilm import model_folder

EMBEDDED = (
    "Names, tone, stories and reports come from the analysis that is part of brandhound and runs on this machine. It needs "
    "no key, costs nothing and sends nothing. Everything works with it; a model looks once more at names that may mean more."
)


async def models_out(db: Db) -> ModelsOut:
    """All there is to see and set."""
    accounts = await accounts_of(db)
    chosen = await choices_of(db)
    source, read_on = table_source()
    return ModelsOut(
        embedded=EmbeddedAnalysisOut(
            title="Embedded analysis", about=EMBEDDED, sentence_model=model_folder() is not None
        ),
        zero_egress=settings().zero_egress,
        kinds=[
            ModelKindOut(
                kind=kind,
                title=about.title,
                about=about.about,
                address=about.address,
                needs_key=about.needs_key,
                needs_address=about.needs_address,
                is_own=about.is_own,
                models=priced_models(kind),
            )
            for kind, about in KINDS.items()
        ],
        accounts=[ModelAccountOut.model_validate(account) for account in accounts],
        features=[_feature_out(one, chosen.get(one.name), accounts) for one in features().values()],
        budget=await budget_out(db),
        prices_source=source,
        prices_read_on=read_on,
    )


async def feature_out(db: Db, name: str) -> ModelFeatureOut:
    """One use, with what is chosen for it."""
    return _feature_out(features()[name], (await choices_of(db)).get(name), await accounts_of(db))


async def budget_out(db: Db) -> ModelBudgetOut:
    """The budget as it stands."""
    return ModelBudgetOut.model_validate(await standing(db))


async def usage_out(db: Db, days: int, zone: str) -> list[ModelUsageOut]:
    """What was asked, newest day first."""
    return [
        ModelUsageOut(title=title_of_feature(row.feature), **vars(row)) for row in await usage_by_day(db, days, zone)
    ]


def _feature_out(one: Feature, choice: ModelChoice | None, accounts: Sequence[ModelAccount]) -> ModelFeatureOut:
    return ModelFeatureOut(**vars(one), choice=_choice_out(choice, accounts) if choice else None)


def _choice_out(choice: ModelChoice, accounts: Sequence[ModelAccount]) -> ModelChoiceOut:
    kind = next(account.kind for account in accounts if account.id == choice.account_id)
    price = price_of(kind, choice.model, own_price(choice.input_price, choice.output_price))
    return ModelChoiceOut(
        account_id=choice.account_id,
        model=choice.model,
        input_price=choice.input_price,
        output_price=choice.output_price,
        price=price
        and ModelPriceOut(input=price.read, output=price.written, source=price.source, read_on=price.read_on),
    )
