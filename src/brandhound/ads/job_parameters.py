"""What several jobs on an ad account are given, and how their runs name it. A form asks for the fields of the last base first."""

from uuid import UUID

from pydantic import BaseModel, Field

from brandhound.ads.queries import name_of_account
from brandhound.jobs.registry import About


class OfAccount(BaseModel):
    """Whose."""

    ad_account_id: UUID = Field(description="The account.")


def about_account(title: str, parameter: str = "ad_account_id") -> About:
    """Runs are about one account; {} in the title is its name."""
    return About(parameter, title, name_of_account)


class HowMuch(BaseModel):
    """How much is fetched besides figures."""

    max_videos: int = Field(20, ge=0, le=10_000, title="Films", description="Fetched at most; 0 fetches none.")
    max_images: int = Field(40, ge=0, le=100_000, title="Pictures", description="Fetched at most; 0 fetches none.")
    max_megabytes: int = Field(500, ge=1, le=100_000, title="Megabytes", description="Fetched at most.")
    auto_classify: bool = Field(
        False, title="Classify new ads", description="Have what is new classified afterwards, where that is set up."
    )
