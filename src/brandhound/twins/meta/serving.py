"""Running the twin in a thread of its own."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from brandhound.twins.meta.app import Outermost, make_app
from brandhound.twins.meta.dialog import Consent, find_person
from brandhound.twins.meta.faults import Fault, FaultKind
from brandhound.twins.meta.keeping import Kept, Logged
from brandhound.twins.meta.owning import AccountSpec, account_of, owners
from brandhound.twins.meta.reports import Timeline
from brandhound.twins.meta.telling_time import Clock
from brandhound.twins.meta.truth import tell_truth
from brandhound.twins.threads import ServedInThread


class MetaTwin(ServedInThread):
    """A made-up Meta on one port. Use it in a `with` block, or call `stop`.

    `now` stops its clock at a moment. `first` is the day around which its stories are told: today, unless it is said.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        now: datetime | None = None,
        first: date | None = None,
        seed: int = 7,
        accounts: Iterable[str] | None = None,
        large: bool = False,
    ) -> None:
        clock = Clock(now)
        self.kept = Kept(owners(accounts, large=large), clock, seed, first or clock.now().date())
        super().__init__(Outermost(make_app(self.kept)), host, port, name="Meta twin", timeout_keep_alive=30)

    @property
    def app_id(self) -> str:
        return self.kept.grants.app.id

    @property
    def app_secret(self) -> str:
        return self.kept.grants.app.secret

    @property
    def system_user_token(self) -> str:
        return self.kept.grants.system_user_token()

    def account(self, key: str) -> AccountSpec:
        """An account by its key or id. Raises KeyError for one that is not there."""
        found = self.kept.owners.account(key)
        if found is None:
            raise KeyError(key)
        return found

    def user_token(self, person: str = "Runa Vik", **more: Any) -> str:
        """A long-lived token of somebody; see Grants.user_token."""
        return self.kept.grants.user_token(find_person(self.kept.grants, person), **more)

    def consents(self, decision: str = "accept", **more: Any) -> None:
        """Let the dialog answer by itself; see Consent."""
        self.kept.next_consent = Consent(decision, **more)  # pyright: ignore[reportArgumentType]

    def trouble(self, who: str, refusal: str | None) -> None:
        """Let something be wrong with a token, or with all of a person; None mends it."""
        people = {p.name: p.id for p in self.kept.owners.people.values()}
        who = people.get(who, who)
        if refusal is None:
            self.kept.grants.troubles.pop(who, None)
        else:
            self.kept.grants.troubles[who] = refusal

    def fault(self, kind: FaultKind = "refusal", **more: Any) -> Fault:
        """Let something go wrong from now on; see Fault for what can be said."""
        fault = Fault(kind, **more)
        self.kept.faults.append(fault)
        return fault

    def clear_faults(self) -> None:
        """Let everything go well again."""
        self.kept.faults.clear()

    def report_lines(self, *lines: Timeline) -> None:
        """How the next reports go."""
        self.kept.reports.lines.extend(lines)

    def limits(self, seconds: float = 3600, **rooms: float) -> None:
        """How much fits in, by use case: `ads_insights`, `ads_management`, `app`; nothing: what Meta's rules say."""
        self.kept.limits.set(rooms, seconds)

    def truth(self, account: str) -> dict[str, Any]:
        """What is true of an account's ads."""
        return tell_truth(self.kept.worlds.of(self.account(account)), self.kept.clock.now())

    def open_account(self, key: str, **facts: Any) -> AccountSpec:
        """Open one more account; see AccountSpec for what can be said."""
        return self.kept.owners.add(account_of({"key": key, **facts}))

    @property
    def calls(self) -> list[Logged]:
        """The calls so far, those inside of batches as well."""
        return list(self.kept.calls)

    def set_clock(self, now: datetime | None) -> None:
        """Stop the clock at a moment, or let it run again."""
        self.kept.clock.stop_at(now)

    def advance(self, by: timedelta) -> None:
        """Move the clock."""
        self.kept.clock.advance(by)


def serve_meta(port: int = 0, host: str = "127.0.0.1", **more: Any) -> MetaTwin:
    """Serve a made-up Meta in a thread; port 0 takes a free one. Stop it with `.stop()`, or use it in `with`."""
    return MetaTwin(host, port, **more).start()
