"""What a model is asked about by itself, as JSON."""

from pydantic import BaseModel, Field

from brandhound.mentions.opinion_models import OpinionReach


class OpinionReachOut(BaseModel):
    """One choice, and what it would have come to in the last week."""

    reach: OpinionReach
    title: str
    about: str
    mentions: int = Field(description="Mentions of the last seven days that it would have asked about")
    cost_micros: int | None = Field(description="What that costs, in millionths of a dollar; null: no price is known")
    estimate: str = Field(description="The same in words")


class OpinionRuleOut(BaseModel):
    """Which new mentions a model is asked about by itself, and what else could be chosen."""

    reach: OpinionReach
    has_model: bool = Field(description="Whether a model is chosen for second opinions: without one nobody is asked")
    choices: list[OpinionReachOut]


class NewOpinionRule(BaseModel):
    """Which new mentions a model shall be asked about by itself."""

    reach: OpinionReach
