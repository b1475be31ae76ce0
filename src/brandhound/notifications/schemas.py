"""Notices as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from brandhound.core.http.credentials import AccessToken
from brandhound.core.pages import Page
from brandhound.notifications.channel_models import DeliveryState, Sort
from brandhound.notifications.kinds import Place
from brandhound.notifications.models import Audience, Severity
from brandhound.notifications.muting import Scope


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value


Moment = Annotated[datetime, AfterValidator(_with_zone)]


class KindOut(BaseModel):
    """A sort of notice."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    category: str
    severity: Severity
    places: list[Place]
    told: Audience


class NotificationOut(BaseModel):
    """Something that one should know."""

    id: UUID
    kind: str
    kind_title: str
    severity: Severity
    title: str
    body: str
    href: str | None
    count: int
    created_at: datetime
    last_at: datetime
    settled_at: datetime | None
    read: bool
    muted: bool
    muted_until: datetime | None
    incident: bool


class NotificationDetail(NotificationOut):
    """A notice with everything that is known of it."""

    facts: dict[str, Any]
    personal: bool


class NotificationPage(Page[NotificationOut]):
    """Some of the notices, newest first, and how many are unread in all."""

    unread: int


class Unread(BaseModel):
    """How many notices are unread."""

    unread: int


class NewMute(BaseModel):
    """What one does not want to be called for. Without `until`: never again."""

    model_config = ConfigDict(extra="forbid")

    scope: Scope
    until: Moment | None = None


class MuteOut(BaseModel):
    """What one does not want to be called for."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    subject: str
    title: str
    until_at: datetime | None
    created_at: datetime


class ChannelOut(BaseModel):
    """A way out of the app. Neither its address nor its secret is ever shown in full."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    sort: Sort
    name: str
    address_shown: str
    personal: bool
    min_severity: Severity
    kinds: list[str] | None
    failures: int
    failing_since: datetime | None
    last_ok_at: datetime | None
    last_error: str | None
    disabled_at: datetime | None
    disabled_reason: str | None
    created_at: datetime


class ChannelMade(ChannelOut):
    """A new channel. A webhook's secret is shown only now."""

    secret: str | None


Name = Annotated[str, Field(min_length=1, max_length=80)]
Address = Annotated[str, Field(min_length=3, max_length=2000)]


class NewChannel(BaseModel):
    """A channel to set up: an address that begins with https://, or a mail address."""

    model_config = ConfigDict(extra="forbid")

    sort: Sort
    name: Name
    address: Address
    personal: bool = False
    access_token: AccessToken | None = Field(None, description="For ntfy servers that ask for one")
    min_severity: Severity = "info"
    kinds: list[str] | None = Field(None, description="Only these kinds; null: all")


class ChannelChange(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    address: Address | None = None
    access_token: AccessToken | None = Field(
        None, description="Needed with the address of another server; null: that one asks for none"
    )
    min_severity: Severity | None = None
    kinds: list[str] | None = None


class ChannelSecret(BaseModel):
    """What a webhook is signed with from now on; shown only now."""

    secret: str


class MailOut(BaseModel):
    """Whether mails can be sent, and how it went."""

    configured: bool
    problem: str | None
    server: str | None
    encryption: str | None
    sender: str | None
    last_ok_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    zero_egress: bool


class DeliveryOut(BaseModel):
    """One notice on its way to one address."""

    id: UUID
    notification_id: UUID | None
    title: str
    channel_id: UUID | None
    sort: Sort
    state: DeliveryState
    reason: str | None
    attempts: int
    due_at: datetime | None
    sent_at: datetime | None
    status: int | None
    took_ms: int | None
    request: str | None
    response: str | None
    run_id: UUID | None
    created_at: datetime


class ChoiceOut(BaseModel):
    """Where one hears of a kind of notice."""

    kind: str
    title: str
    category: str
    severity: Severity
    app: bool
    email: bool
    channels: list[UUID]


class OwnChannel(BaseModel):
    """One of the person's own channels."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    sort: Sort


Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class PreferencesOut(BaseModel):
    """How a person wants to be told in this organization."""

    email: bool
    quiet_from: str | None
    quiet_until: str | None
    time_zone: str | None
    organization_time_zone: str
    per_hour: int
    channels: list[OwnChannel]
    choices: list[ChoiceOut]


class NewPreferences(BaseModel):
    """When not to be called, how often in an hour, and whether by mail at all."""

    model_config = ConfigDict(extra="forbid")

    email: bool = True
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    time_zone: str | None = None
    per_hour: Annotated[int, Field(ge=1, le=1000)] = 20


class NewChoice(BaseModel):
    """Where to hear of a kind from now on; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    app: bool | None = None
    email: bool | None = None
    channels: dict[UUID, bool] = {}
