"""Ad accounts as JSON. No schema has a place for a token."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from brandhound.ads.models import AuthMethod, LinkState, Platform

LinkStatus = Literal["connected", "expiring", "needs_you", "revoked", "disconnected"]


class LinkOut(BaseModel):
    """An ad account in the service of a brand, and how the right to read it stands."""

    id: UUID
    brand_id: UUID
    brand_name: str
    is_primary: bool
    auth_method: AuthMethod
    token: Literal["own", "installation", "none"] = Field(description="Whose token reads it.")
    state: LinkState
    status: LinkStatus = Field(description="Like the state, and `expiring` from 14 days before the end on.")
    reason: str | None = Field(description="Why it is not connected, in one word.")
    says: str = Field(description="How it stands, in a sentence.")
    what_to_do: str = Field(description="What helps; empty where nothing need be done.")
    expires_at: datetime | None = Field(description="When it stops, by whichever end comes first; empty: never.")
    expires_in_days: int | None
    token_expires_at: datetime | None
    data_access_expires_at: datetime | None
    renews_at: datetime | None = Field(description="When the token is renewed by itself.")
    scopes: list[str]
    missing_scopes: list[str] = Field(description="Permissions that are needed and were not given.")
    subject_name: str | None = Field(description="The person or system user at Meta.")
    tasks: list[str]
    state_since: datetime
    checked_at: datetime | None
    connected_at: datetime


class AdAccountOut(BaseModel):
    """An ad account of the organization."""

    id: UUID
    platform: Platform
    external_id: str
    name: str
    currency: str
    time_zone: str
    standing: str = Field(description="How it stands at the platform, in words.")
    delivers: bool = Field(description="Whether its ads can run as things stand.")
    disabled_because: str | None
    business_name: str | None
    checked_at: datetime | None
    created_at: datetime
    brands: list[LinkOut]


class AdAccountList(BaseModel):
    """All ad accounts."""

    items: list[AdAccountOut]
