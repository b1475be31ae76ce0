"""People and organizations as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from brandhound.core.mail_addresses import MailAddress

RoleName = Literal["guest", "viewer", "outreach", "analyst", "admin", "owner"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=400)]
ZoneName = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class OrganizationOut(BaseModel):
    """An organization that the signed-in user belongs to."""

    id: UUID
    name: str
    time_zone: str
    role: RoleName
    is_installation: bool = Field(description="Whether it owns the work that belongs to nobody in particular.")


class UserOut(BaseModel):
    """The signed-in user."""

    id: UUID
    name: str
    email: str
    operator: bool


class SessionOut(BaseModel):
    """Who is signed in, and where they are."""

    user: UserOut
    organization: OrganizationOut | None = Field(description="None for whoever belongs to no organization.")
    organizations: list[OrganizationOut]
    last_change: int = Field(
        description="The number of the organization's last change, 0 for none. A stream that begins after it misses nothing of "
        "what changes from now on."
    )


class SignInIn(BaseModel):
    """An attempt to sign in."""

    email: Annotated[str, StringConstraints(max_length=320)]
    password: Password


class SetupOut(BaseModel):
    """Whether the installation still waits for its administrator."""

    needed: bool


class SetupIn(BaseModel):
    """The first administrator and their organization."""

    token: Annotated[str, StringConstraints(max_length=200)]
    email: MailAddress
    name: Name
    password: Password
    organization_name: Name
    time_zone: ZoneName = "UTC"


class ChosenOrganization(BaseModel):
    """The organization to look at from now on."""

    organization_id: UUID


class NewOrganization(BaseModel):
    """An organization to be made."""

    name: Name
    time_zone: ZoneName = "UTC"


class OrganizationChange(BaseModel):
    """What shall be different; what is left out stays."""

    name: Name | None = None
    time_zone: ZoneName | None = None


class MemberOut(BaseModel):
    """Somebody in the organization."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: RoleName
    created_at: datetime


class RoleChange(BaseModel):
    """A member's new role."""

    role: RoleName


class NewInvitation(BaseModel):
    """Whom to invite, as what."""

    email: MailAddress
    role: RoleName


class InvitationOut(BaseModel):
    """An invitation that waits."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    role: RoleName
    created_at: datetime
    expires_at: datetime


class InvitationMade(InvitationOut):
    """A fresh invitation with its link, which is shown once."""

    link: str


class InvitationPreview(BaseModel):
    """What an invitation says to whoever opens it."""

    organization_name: str
    email: str
    role: RoleName
    known: bool = Field(description="Whether there is an account with that address: then its password is asked.")


class Acceptance(BaseModel):
    """An answer to an invitation by somebody who is not signed in."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    password: Password


class PasswordChange(BaseModel):
    """A new password of one's own."""

    present: Password
    new: Password


class ResetLinkMade(BaseModel):
    """A fresh link for a new password, which is shown once."""

    link: str
    expires_at: datetime


class ResetPreview(BaseModel):
    """Whose password a link is about."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    email: str


class NewPassword(BaseModel):
    """The password that somebody with a link chooses."""

    password: Password


class KeyOut(BaseModel):
    """An API key, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    prefix: str
    role: RoleName
    scopes: list[str]
    made_by: str | None = Field(
        default=None, description="Who made it, even if they have left since; empty if another key did."
    )
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


class NewKey(BaseModel):
    """A key to be made."""

    name: Name
    role: RoleName = "viewer"
    scopes: Annotated[list[str], Field(min_length=1, max_length=40)] = Field(default_factory=lambda: ["*:read"])
    expires_at: AwareDatetime | None = None


class KeyMade(KeyOut):
    """A fresh key with its secret, which is shown once."""

    secret: str


class AuditEntryOut(BaseModel):
    """Who did what, when."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    user_id: UUID | None
    user_name: str | None = None
    key_id: UUID | None
    action: str
    kind: str
    thing_id: UUID | None
    facts: dict[str, object]
