"""Why a sync did not go through, as a page of documentation for each kind: by the code that is kept with the account."""

from typing import get_args

from brandhound.core.http.answers import FailureCode
from brandhound.core.problems import Problem, problem_named


class AnswersUnreadable(Problem):
    """Meta gave no answer that can be read: its servers, or something on the way to them, have trouble."""

    status = 502
    code = "ads/meta-again"
    what_to_do = (
        "Nothing, at first: everything that came in is kept, and the next sync goes on from there. If it stays so for hours, "
        "look at metastatus.com, and at whether a proxy between here and graph.facebook.com answers in Meta's place."
    )


class NotReached(Problem):
    """Meta could not be reached from here."""

    status = 502
    code = "ads/meta-not-reached"
    what_to_do = (
        "Look whether this machine reaches graph.facebook.com (`brandhound doctor` tries it): the network, a firewall, a name "
        "that cannot be resolved. Everything that came in is kept, and the next sync goes on from there."
    )


class MayNotRead(Problem):
    """Meta does not let this connection read the account."""

    status = 403
    code = "ads/meta-permission"
    told_as = "ad_access_lost"
    what_to_do = (
        "In Meta's business settings, give the person or the system user access to this ad account (View performance will "
        "do), and see to it that the application has the permission `ads_read`. Then press Look again, or Reconnect, under "
        "Ad accounts. All figures stay."
    )


class TokenNotTaken(Problem):
    """Meta does not take the connection's token any more."""

    status = 403
    code = "ads/meta-reconnect"
    told_as = "ad_access_lost"
    what_to_do = (
        "Press Reconnect under Ad accounts, where it also says why: a password that was changed, a token that expired, a "
        "person who logged out. The mapping and all figures stay, and the next sync fills the gap."
    )


class ApplicationRemoved(Problem):
    """The application was removed at Meta while the account was being read."""

    status = 403
    code = "ads/meta-revoked"
    told_as = "ad_access_lost"
    what_to_do = (
        "If that was not meant, press Reconnect under Ad accounts. What had come in until then is kept, and the next sync "
        "fills the gap. The token was deleted here."
    )


class LimitOfApplication(Problem):
    """The application has asked Meta as often as it may for now."""

    status = 429
    code = "ads/meta-wait-app"
    what_to_do = (
        "Nothing: the next sync goes on. If it happens often, sync fewer accounts at the same hour, or apply for the Full tier "
        "of the Marketing API; the how-to “Connect Meta” says how."
    )


class LimitOfAccount(Problem):
    """This account was asked about as often as Meta allows for now."""

    status = 429
    code = "ads/meta-wait-account"
    what_to_do = (
        "Nothing: the next sync goes on. If it happens often, look whether another tool reads the same account with the same "
        "application, and sync fewer days at once."
    )


class TooMuchData(Problem):
    """Meta calls some days too much data, however small the question is made."""

    status = 502
    code = "ads/too-much-data"
    what_to_do = (
        "Nothing: the days stand with the account and are tried again a day later; all others are in. If they stay, see "
        "whether Ads Manager can show them, and import them as a table."
    )


class StillTooMuch(Problem):
    """Meta calls what was asked for too much data."""

    status = 502
    code = "ads/meta-split"
    what_to_do = "Sync fewer days at once. What came in is kept; the next sync goes on from there."


class GoneAtMeta(Problem):
    """What was asked for is not at Meta any more, or may not be read any more."""

    status = 404
    code = "ads/meta-gone"
    what_to_do = (
        "See in Ads Manager whether the account is still there, and whether the person or the system user still has a role on "
        "it; then press Reconnect under Ad accounts. All figures stay."
    )


class ApplicationRefused(Problem):
    """Meta refuses this installation's application, or the version of its interface."""

    status = 502
    code = "ads/meta-settings"
    what_to_do = (
        "This is for whoever runs the installation: compare BRANDHOUND_META_APP_ID, BRANDHOUND_META_APP_SECRET and "
        "BRANDHOUND_META_VERSION with what developers.facebook.com shows, and look for an update. `brandhound doctor` says "
        "more. No account needs to be reconnected."
    )


class BlockedAtMeta(Problem):
    """Meta has blocked what the application does, for now."""

    status = 403
    code = "ads/meta-stopped"
    what_to_do = (
        "Log in at developers.facebook.com: the application's alerts say why, and what Meta wants. Syncs go on by themselves "
        "once the block is lifted; asking again and again makes it longer."
    )


class ReportNotReady(Problem):
    """Meta did not finish a report in time."""

    status = 504
    code = "ads/meta-not-ready"
    what_to_do = "Nothing: the next sync asks for it anew. If it stays so, sync fewer days at once."


class PagesWentStale(Problem):
    """Meta's marks between pages went stale while it was being read."""

    status = 502
    code = "ads/meta-page-anew"
    what_to_do = "Start the sync again: what came in is kept, and nothing comes twice."


class TooOldForMeta(Problem):
    """Meta keeps figures for 37 months, and was asked for older ones."""

    status = 422
    code = "ads/meta-too-old"
    what_to_do = "Sync fewer days. What is older can be imported as a table, if somebody exported it in time."


class QuestionRefused(Problem):
    """Meta does not answer this question the way it is asked."""

    status = 502
    code = "ads/meta-permanent"
    what_to_do = (
        "Its interface may have changed: look for an update of brandhound. What Meta said stands with the account and in the "
        "run, with the number of the call (`trace`), which Meta's support asks for. What came in is kept."
    )


class SyncBroke(Problem):
    """Something went wrong here while the account was synced."""

    status = 500
    code = "ads/sync-broke"
    what_to_do = (
        "Nothing is lost: finished steps are kept, and the next sync goes on from there. The run under Jobs says at which step "
        "it stopped and why; if the next ones stop there as well, it is a fault of ours and worth a report."
    )


_NETWORK: frozenset[str] = frozenset(get_args(FailureCode))


def kind_of(code: str) -> type[Problem]:
    """What a code that a sync ended with means."""
    if code in _NETWORK:
        return NotReached
    return problem_named(code) or SyncBroke
