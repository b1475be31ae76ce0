"""What the jobs about how ads stand are told."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Diagnose(BaseModel):
    """Which account."""

    model_config = ConfigDict(extra="forbid")

    account_id: UUID = Field(description="The ad account whose ads are judged.")
    only_if_new: bool = Field(
        default=False, description="Leave it where nothing changed that the last verdicts rest on."
    )


class Convert(BaseModel):
    """Which account, or all of them."""

    model_config = ConfigDict(extra="forbid")

    account_id: UUID | None = Field(default=None, description="The ad account whose sums are counted; empty for all.")
