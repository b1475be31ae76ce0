"""Model servers of an organization: set up with a sealed key, changed, removed. A key is never given out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.client import fetcher
from brandhound.core.http.credentials import is_sendable
from brandhound.core.http.targets import read_target, same_server
from brandhound.core.live import publish
from brandhound.core.problems import AlreadyThere, NotThere
from brandhound.core.secrets import CannotUnseal, seal, unseal
from brandhound.providers.ai.errors import (
    ModelAddressRefused,
    ModelKeyMissing,
    ModelKeyNeededAgain,
    ModelKeyUnreadable,
    TooManyModelAccounts,
)
from brandhound.providers.ai.kinds import KINDS, Kind
from brandhound.providers.ai.models import ModelAccount
from brandhound.providers.callees import Service, key_fingerprint
from brandhound.providers.classifying.network import FETCHING
from brandhound.providers.events import AccessChanged, tell

MOST = 20
SEALED_KEY = "model_accounts.key"


@dataclass(frozen=True)
class Access:
    """All that is needed to ask a model. Holds the key: not to be logged, stored or shown."""

    account_id: UUID
    kind: Kind
    address: str
    key: str
    model: str

    @property
    def own_address(self) -> str:
        """The address where it is somebody's own choice, and says whom one asks; empty where it is the provider's."""
        return "" if self.address == KINDS[self.kind].address else self.address

    @property
    def service(self) -> Service:
        """What breakers and limits are kept for."""
        return Service(self.kind, key_fingerprint(self.key, self.own_address), self.model)

    def __repr__(self) -> str:
        return f"Access({self.kind}, {self.model})"


async def checked_address(kind: Kind, address: str | None) -> str:
    """The address in its normal form, or the kind's own; asks the name service, so before any transaction is open.

    Raises ModelAddressRefused.
    """
    about = KINDS[kind]
    if address is None or not address.strip():
        if about.needs_address and not about.address:
            raise ModelAddressRefused("bad-url", "An address is needed, such as https://models.example/v1.")
        address = about.address
    try:
        target = read_target(address)
        if target.credentials is not None:
            raise ModelAddressRefused("bad-url", "A password inside an address would be shown to everybody.")
        await fetcher().check(target.url)
    except FetchFailed as failed:
        # A name that is not known today, or a network that is down, may be so tomorrow: the trial will tell.
        if failed.code not in ("dns", "timeout", "connection", "refused"):
            raise ModelAddressRefused(failed.code, _refusal(failed, about.title)) from failed
    return address.strip().rstrip("/")


async def add_account(
    db: Db, kind: Kind, name: str, address: str, key: str | None, created_by: UUID | None
) -> ModelAccount:
    """Set up a model server. Raises ModelKeyMissing, AlreadyThere or TooManyModelAccounts."""
    if not key and KINDS[kind].needs_key:
        raise ModelKeyMissing
    if (await db.scalar(select(func.count()).select_from(ModelAccount)) or 0) >= MOST:
        raise TooManyModelAccounts(MOST)
    await _check_name(db, name, None)
    now = clock.now()
    account = ModelAccount(
        kind=kind, name=name, address=address, created_by=created_by, created_at=now, updated_at=now, state="untried"
    )
    _keep_key(account, key)
    db.add(account)
    await db.flush()
    await tell(AccessChanged(db, kind))
    publish(db, "models", account.id)
    return account


async def change_account(
    db: Db, account_id: UUID, name: str | None, address: str | None, key: str | None
) -> ModelAccount:
    """Change what is given; the trial is forgotten when the address or the key is another.

    A key is sent to the server it was entered for, and to no other. Raises NotThere, AlreadyThere or ModelKeyNeededAgain.
    """
    account = await account_by_id(db, account_id)
    if address is not None and key is None and account.key_sealed and not same_server(address, account.address):
        raise ModelKeyNeededAgain
    if name is not None:
        await _check_name(db, name, account_id)
        account.name = name
    if address is not None:
        account.address = address
    if key is not None:
        _keep_key(account, key)
    if address is not None or key is not None:
        account.state, account.problem, account.what_to_do, account.tried_at = "untried", None, None, None
    account.updated_at = clock.now()
    await db.flush()
    if address is not None or key is not None:
        await tell(AccessChanged(db, account.kind))
    publish(db, "models", account.id)
    return account


async def remove_account(db: Db, account_id: UUID) -> ModelAccount:
    """Forget a server and its key; what it was chosen for is embedded again. Raises NotThere."""
    account = await account_by_id(db, account_id)
    await db.delete(account)
    await db.flush()
    publish(db, "models", account_id)
    return account


async def accounts_of(db: Db) -> Sequence[ModelAccount]:
    """All servers, by name."""
    return (await db.scalars(select(ModelAccount).order_by(ModelAccount.name))).all()


async def account_by_id(db: Db, account_id: UUID) -> ModelAccount:
    """Raises NotThere."""
    account = await db.get(ModelAccount, account_id)
    if account is None:
        raise NotThere("account")
    return account


def access_to(account: ModelAccount, model: str) -> Access:
    """The account with its key opened. Raises ModelKeyUnreadable."""
    try:
        key = unseal(account.key_sealed, SEALED_KEY) if account.key_sealed else ""
    except CannotUnseal as error:
        raise ModelKeyUnreadable from error
    if key and not is_sendable(key):
        raise ModelKeyUnreadable
    return Access(account.id, account.kind, account.address, key, model)


async def access_of(organization_id: UUID, account_id: UUID, model: str) -> Access:
    """The same in a transaction of its own. Raises NotThere or ModelKeyUnreadable."""
    async with tenant_session(organization_id) as db:
        return access_to(await account_by_id(db, account_id), model)


def _keep_key(account: ModelAccount, key: str | None) -> None:
    plain = (key or "").strip()
    account.key_sealed = seal(plain, SEALED_KEY) if plain else None
    account.key_fingerprint = key_fingerprint(plain)


async def _check_name(db: Db, name: str, but: UUID | None) -> None:
    taken = await db.scalar(select(ModelAccount.id).where(ModelAccount.name == name))
    if taken is not None and taken != but:
        raise AlreadyThere


def _refusal(failed: FetchFailed, title: str) -> str:
    _, words, what_to_do = FETCHING.get(failed.code, (None, "{name} could not be asked.", ""))
    return f"{words} {what_to_do}".format(name=title).strip()
