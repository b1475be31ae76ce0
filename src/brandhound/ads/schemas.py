"""Ad accounts as JSON. Nothing that goes out has a place for a token."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

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
    synced_at: datetime | None = Field(description="When a sync last ended well.")
    sync_error: str | None = Field(description="What went wrong in the last one; empty when nothing did.")
    facts_until: date | None = Field(description="The last day whose figures are here.")
    sync_run_id: UUID | None = Field(description="The run that syncs it now.")
    brands: list[LinkOut]


class AdAccountList(BaseModel):
    """All ad accounts."""

    items: list[AdAccountOut]


class ConnectOptions(BaseModel):
    """Which ways there are to connect, and the addresses that belong into the application at Meta."""

    is_set_up: bool = Field(description="Whether this installation has an application at Meta.")
    for_business: bool = Field(description="Whether the dialog is Facebook Login for Business.")
    system_user: Literal["allowed", "not_allowed", "none"] = Field(
        description="Whether the installation has a system user, and this organization may use it."
    )
    may_operate: bool = Field(description="Whether whoever asks runs the installation.")
    scopes: list[str] = Field(description="The permissions that are asked for.")
    redirect_uri: str = Field(description="For Meta: Valid OAuth Redirect URIs.")
    deauthorize_url: str = Field(description="For Meta: Deauthorize callback URL.")
    data_deletion_url: str = Field(description="For Meta: Data deletion request URL.")
    version: str


class NewLogin(BaseModel):
    """For which brand a login at Meta is begun."""

    model_config = ConfigDict(extra="forbid")

    brand_id: UUID
    again: bool = Field(False, description="Ask anew for permissions that were declined.")


class BegunLogin(BaseModel):
    """Where the person lets us in."""

    id: UUID
    dialog_url: str
    expires_at: datetime


class LoginAnswer(BaseModel):
    """What Meta sent the person back with, as it stands in the address."""

    state: str = Field(min_length=1, max_length=200)
    code: SecretStr | None = Field(None, max_length=4000)
    error: str | None = Field(None, max_length=200)
    error_reason: str | None = Field(None, max_length=500)
    error_description: str | None = Field(None, max_length=2000)


class GivenToken(BaseModel):
    """A system user's token; without one the installation's is used, where that is allowed."""

    model_config = ConfigDict(extra="forbid")

    brand_id: UUID
    token: SecretStr | None = Field(None, min_length=1, max_length=4000)


class OfferedAccount(BaseModel):
    """An ad account that a token reads."""

    external_id: str
    name: str
    currency: str
    time_zone: str
    standing: str
    business_name: str | None
    usable: bool
    why: str | None = Field(description="Why it cannot be chosen, or what is to be known about it.")
    brand_ids: list[UUID] = Field(description="The brands that it serves already.")


class OfferedBusiness(BaseModel):
    """A business at Meta, with those of the accounts that are reached through it: its own and its clients'."""

    id: str = Field(description="Meta's number for it; empty for accounts that belong to no business.")
    name: str
    account_ids: list[str]


class MissingAccount(BaseModel):
    """An ad account that one would expect, and that is not there."""

    external_id: str
    name: str
    why: str


class LoginOut(BaseModel):
    """A login, and what can be chosen with it."""

    id: UUID
    brand_id: UUID
    brand_name: str
    auth_method: AuthMethod
    outcome: Literal["waiting", "choose", "declined", "partial", "nothing", "failed"]
    says: str
    what_to_do: str
    scopes: list[str]
    missing_scopes: list[str]
    subject_name: str | None
    token_expires_at: datetime | None
    data_access_expires_at: datetime | None
    accounts: list[OfferedAccount]
    businesses: list[OfferedBusiness]
    missing: list[MissingAccount]
    expires_at: datetime


class ChosenAccount(BaseModel):
    """An account and the brands it is to serve."""

    model_config = ConfigDict(extra="forbid")

    external_id: str = Field(min_length=1, max_length=100)
    brand_ids: list[UUID] = Field(min_length=1, max_length=50)


class AccountChoices(BaseModel):
    """The accounts that are to be connected."""

    model_config = ConfigDict(extra="forbid")

    accounts: list[ChosenAccount] = Field(min_length=1, max_length=500)


class NewConnectLink(BaseModel):
    """For which brand a client is asked to connect their ad accounts, and how long the link is good."""

    model_config = ConfigDict(extra="forbid")

    brand_id: UUID
    label: str = Field("", max_length=100, description="For whom it is, in words; only your organization sees it.")
    days: int = Field(7, ge=1, le=30, description="Days after which it ends.")


class ConnectLinkOut(BaseModel):
    """A link by which a client connects their ad accounts."""

    id: UUID
    brand_id: UUID
    brand_name: str
    label: str
    state: Literal["open", "used", "revoked", "expired"]
    expires_at: datetime
    opened_at: datetime | None = Field(description="When somebody last set out with it for Meta.")
    used_at: datetime | None
    used_by: str | None = Field(description="What the person at Meta is called who connected by it.")
    accounts: int = Field(description="How many accounts were connected by it.")
    created_at: datetime


class ConnectLinkMade(ConnectLinkOut):
    """The same with its address, which is told this once."""

    url: str


class ConnectLinkList(BaseModel):
    """Links by which clients connect, the latest first."""

    items: list[ConnectLinkOut]


class DataDeletionOut(BaseModel):
    """What Meta wants to hear of a request to delete data."""

    url: str
    confirmation_code: str


class FaultOut(BaseModel):
    """What is wrong with one cell of a table."""

    row: int = Field(description="As a person counts them in the table, from 1.")
    column: str
    said: str
    problem: str
