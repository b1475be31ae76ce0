"""What can go wrong between people and organizations."""

from brandhound.core.problems import Problem
from brandhound.tenancy.roles import Role


class RoleTooLow(Problem):
    """Your role in this organization does not allow that."""

    status = 403
    code = "tenancy/role-too-low"
    what_to_do = (
        "Ask an administrator of the organization for the role that `needed` names. An API key has a role of its own, which "
        "cannot be changed: make one with that role."
    )

    def __init__(self, needed: Role) -> None:
        super().__init__(needed=needed.word)


class OutOfScope(Problem):
    """This API key may not do that."""

    status = 403
    code = "tenancy/out-of-scope"
    what_to_do = "Make a key with the scope that `needed` names, under Settings → API keys."

    def __init__(self, needed: str) -> None:
        super().__init__(needed=needed)


class OperatorsOnly(Problem):
    """Only the people who run this installation may do that."""

    status = 403
    code = "tenancy/operators-only"
    what_to_do = "Ask whoever set up brandhound on this machine."


class NoOrganization(Problem):
    """You do not belong to any organization."""

    status = 403
    code = "tenancy/no-organization"
    what_to_do = (
        "Open the link of an invitation to your address, or ask an administrator of an organization for one. Your account "
        "stays; an organization is made by those who own one already."
    )


class OrganizationLeft(Problem):
    """You are not in that organization any more."""

    status = 409
    code = "tenancy/organization-left"
    what_to_do = (
        "Nothing was done: it was meant for an organization that you were taken out of, or left for another one in another "
        "tab. Load the page again, and it begins anew where you are now; `GET /api/session` says where that is. A program "
        "that names an organization in the header `Brandhound-Organization` names the one of its key."
    )


class LastOwner(Problem):
    """An organization needs at least one owner."""

    status = 409
    code = "tenancy/last-owner"
    what_to_do = "Make somebody else an owner first."


class AboveYourRole(Problem):
    """Nobody can give a role above their own."""

    status = 403
    code = "tenancy/above-your-role"
    what_to_do = "Ask somebody with that role to do it."


class AlreadyMember(Problem):
    """Whoever has that address is a member of the organization already."""

    status = 409
    code = "tenancy/already-member"
    what_to_do = (
        "Nothing has changed, and no invitation was used: `role` is what they are. An administrator gives members another "
        "role under Settings → Members; who was invited signs in as ever."
    )

    def __init__(self, role: Role) -> None:
        super().__init__(role=role.word)


class OwnPassword(Problem):
    """You do not need a link for your own password."""

    status = 409
    code = "tenancy/own-password"
    what_to_do = "Change it under Settings → Account, where the present one is asked for."


class NotYoursToReset(Problem):
    """A new password for this person would open more than you may."""

    status = 403
    code = "tenancy/not-yours-to-reset"
    what_to_do = (
        "An administrator makes such links for those who belong to no organization but where the administrator is one too, "
        "with no lesser role. For everybody else, whoever runs this installation prints one on the machine itself: "
        "`brandhound reset-password EMAIL`."
    )


class BadInvitation(Problem):
    """That invitation is not valid: it was used, it has ended, or it was taken back."""

    status = 404
    code = "tenancy/bad-invitation"
    what_to_do = "Ask for a new one: invitations end after seven days and serve once."


class UnknownTimeZone(Problem):
    """That is not the name of a time zone."""

    status = 422
    code = "tenancy/unknown-time-zone"
    what_to_do = "Take an IANA name, for instance Europe/Berlin."


class UnknownScope(Problem):
    """That is not a scope."""

    status = 422
    code = "tenancy/unknown-scope"
    what_to_do = (
        "A scope is a part of the product and a verb: `feeds:read`, `mentions:write`, or `*` for every part. "
        "`/api/keys/parts` lists the parts; writing includes reading."
    )


class EndsBeforeItBegins(Problem):
    """A key cannot end before it begins."""

    status = 422
    code = "tenancy/ends-before-it-begins"
    what_to_do = "Give `expires_at` a moment to come, or leave it out: the key then works until somebody ends it."


class OutlivesItsMaker(Problem):
    """A key cannot make another that lasts longer than itself."""

    status = 422
    code = "tenancy/outlives-its-maker"
    what_to_do = "Give `expires_at` a moment until `until`, or let an administrator make the key."
