"""Models as JSON. No key is ever part of it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.core.http.credentials import Key
from brandhound.providers.ai.kinds import Kind

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
ModelName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
Micros = Annotated[int, Field(ge=0, le=10**12)]


class ModelKindOut(BaseModel):
    """A kind of model server that can be set up."""

    kind: Kind
    title: str
    about: str
    address: str = Field(description="Where it is by default; empty where only you know")
    needs_key: bool
    needs_address: bool
    is_own: bool = Field(description="Whether it usually runs on your own machines")
    models: list[str] = Field(description="Models with a known price, to choose from; others may be named, too")


class ModelAccountOut(BaseModel):
    """A model server that may be asked."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Kind
    name: str
    address: str
    key_fingerprint: str = Field(description="Stands for the key, and leads nobody back to it; empty without a key")
    state: Literal["untried", "well", "failed"]
    tried_at: datetime | None
    tried_model: str | None
    problem: str | None = Field(description="What was wrong at the last trial")
    what_to_do: str | None
    created_at: datetime


class NewModelAccount(BaseModel):
    """A model server to set up."""

    kind: Kind
    name: Name
    address: str | None = Field(None, max_length=2000, description="Empty: the kind's own")
    key: Key | None = Field(None, description="Sealed at once, and never given out again")


class ModelAccountChange(BaseModel):
    """What to change; what is left out stays."""

    name: Name | None = None
    address: str | None = Field(None, max_length=2000)
    key: Key | None = None


class NewModelTrial(BaseModel):
    """Try it out with this model."""

    model: ModelName


class ModelTrialOut(BaseModel):
    """What came of trying a model out. `account` is as it stands after it."""

    well: bool
    took_ms: int
    cost_micros: int | None = Field(description="In millionths of a dollar; null where no price is known")
    problem: str | None
    what_to_do: str | None
    account: ModelAccountOut


class ModelChoiceOut(BaseModel):
    """The model chosen for a use, and what it costs."""

    account_id: UUID
    model: str
    input_price: int | None = Field(description="Own price of a million tokens read, in millionths of a dollar")
    output_price: int | None
    price: "ModelPriceOut | None" = Field(description="The price that counts; null: not known")


class ModelPriceOut(BaseModel):
    """Prices of a million tokens, in millionths of a dollar."""

    input: int
    output: int
    source: str
    read_on: date | None


class ModelFeatureOut(BaseModel):
    """Something that a model may do, and what happens without."""

    name: str
    title: str
    about: str
    adds: str = Field(description="What a model adds")
    without: str = Field(description="What is done without one")
    sends: str = Field(description="What leaves this machine for it")
    choice: ModelChoiceOut | None = Field(description="null: the embedded analysis does it")


class NewModelChoice(BaseModel):
    """Who shall do it."""

    account_id: UUID
    model: ModelName
    input_price: Micros | None = None
    output_price: Micros | None = None


class ModelBudgetOut(BaseModel):
    """What may be spent in a month, and was in this one. Money in millionths of a dollar."""

    model_config = ConfigDict(from_attributes=True)

    month_on: date
    limit_micros: int
    limit_tokens: int
    spent_micros: int
    spent_tokens: int
    reserved_micros: int = Field(description="For calls that are under way")
    reserved_tokens: int
    begins_anew_at: datetime


class NewModelBudget(BaseModel):
    """What may be spent in a month."""

    limit_micros: Micros
    limit_tokens: Annotated[int, Field(ge=0, le=10**12)]


class EmbeddedAnalysisOut(BaseModel):
    """The analysis that comes with the product, and needs nobody."""

    title: str
    about: str
    sentence_model: bool = Field(description="Whether the embedded sentence model is installed")


class ModelsOut(BaseModel):
    """All there is to see and set."""

    embedded: EmbeddedAnalysisOut
    zero_egress: bool = Field(description="Whether this installation asks nobody outside its own networks")
    kinds: list[ModelKindOut]
    accounts: list[ModelAccountOut]
    features: list[ModelFeatureOut]
    budget: ModelBudgetOut
    prices_source: str
    prices_read_on: date


class ModelUsageOut(BaseModel):
    """Calls of one use of one model on one day."""

    on: date
    feature: str
    title: str
    provider: str
    model: str
    calls: int
    cached: int = Field(description="Answered from what was kept: nobody was asked")
    failed: int
    input_tokens: int
    output_tokens: int
    cost_micros: int
    unpriced: int = Field(description="Calls whose cost is not known")


ModelChoiceOut.model_rebuild()
