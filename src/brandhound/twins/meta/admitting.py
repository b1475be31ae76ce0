"""Who calls, and whether they may."""

from dataclasses import dataclass

from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.owning import AccountSpec, Person
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.tokens import App, Token

READS = ("ads_read", "ads_management")


@dataclass(frozen=True)
class Caller:
    """Whoever holds the token."""

    token: Token
    text: str
    app: App
    person: Person | None
    accounts: tuple[AccountSpec, ...]

    def may_read(self, account: AccountSpec) -> None:
        """Raises Refused when the token does not reach this account, or may not read ads at all."""
        if not set(READS) & set(self.token.scopes):
            raise Refused("no_scope")
        if account not in self.accounts:
            raise Refused("no_role", account=account.act)


def admit(kept: Kept, call: Call) -> Caller:
    """The caller. Raises Refused when the token is none, no longer valid, or without its proof."""
    text = call.param("access_token")
    token, app = kept.grants.check(text, call.params.get("appsecret_proof"), free_of_proof=False)
    now = kept.grants.now()
    if token.kind == "USER" and token.data_access_expires_at and token.data_access_expires_at <= now:
        raise Refused("data_access_expired")
    person = kept.owners.people.get(token.subject)
    return Caller(token, text, app, person, tuple(kept.grants.accounts(token)))
