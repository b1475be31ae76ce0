"""What can go wrong with ad accounts."""

from uuid import UUID

from brandhound.core.problems import Problem


class BrowserNeeded(Problem):
    """A login at Meta is begun in a browser by somebody who is signed in, not by a program."""

    status = 409
    code = "ads/browser-needed"
    what_to_do = "Open Ad accounts in the browser and press Connect; a program can connect with a system user's token."


class LoginElsewhere(Problem):
    """That login was begun in another session."""

    status = 403
    code = "ads/login-elsewhere"
    what_to_do = (
        "Go on in the browser in which you pressed Connect, signed in as the same person; or press Connect here. Nothing "
        "was connected."
    )


class LoginUsed(Problem):
    """That login has been answered before; an answer is good for once."""

    status = 409
    code = "ads/login-used"
    what_to_do = "If you only reloaded the page, go back to Ad accounts; otherwise press Connect once more."


class LoginOver(Problem):
    """That login took too long, or is over."""

    status = 410
    code = "ads/login-over"
    what_to_do = (
        "Press Connect once more: there are ten minutes for Meta's dialog, and half an hour to choose accounts."
    )


class NoSuchConnectLink(Problem):
    """This link does not work any more."""

    status = 404
    code = "ads/no-such-connect-link"
    what_to_do = (
        "Ask whoever sent it for a new one: links are good for once, end after some days, and can be taken back."
    )


class ConnectLinkUsed(Problem):
    """That link was used: what was connected by it stays."""

    status = 409
    code = "ads/connect-link-used"
    what_to_do = "To end the connection, open the account under Ad accounts and press Disconnect."


class TokenOfAnotherApplication(Problem):
    """That token was made for another application at Meta."""

    status = 422
    code = "ads/token-of-another-application"
    what_to_do = (
        "Make the token for the application whose number stands in BRANDHOUND_META_APP_ID: in Meta's business settings, "
        "System users, Generate new token, choose that application."
    )

    def __init__(self, app_id: str) -> None:
        super().__init__(app_id=app_id)


class TokenReadsNoAds(Problem):
    """That token may not read ads: the permission ads_read is missing."""

    status = 422
    code = "ads/token-reads-no-ads"
    what_to_do = "Make a token with the permission ads_read (and business_management, for the names of businesses)."

    def __init__(self, scopes: list[str]) -> None:
        super().__init__(scopes=scopes)


class SystemUserNotAllowed(Problem):
    """This organization may not use the installation's system user."""

    status = 403
    code = "ads/system-user-not-allowed"
    what_to_do = (
        "Whoever runs the installation can name this organization in BRANDHOUND_META_SYSTEM_USER_ORGANIZATIONS. Without "
        "that, connect with a login or a token of your own."
    )

    def __init__(self, organization_id: UUID) -> None:
        super().__init__(organization_id=organization_id)


class AccountNotOffered(Problem):
    """That ad account is not among those that can be chosen."""

    status = 422
    code = "ads/account-not-offered"
    what_to_do = "Choose among the accounts that are listed; of those that cannot be chosen the list says why."

    def __init__(self, external_id: str) -> None:
        super().__init__(external_id=external_id)


class NeedsConnection(Problem):
    """This ad account cannot be read until somebody connects it again."""

    status = 409
    code = "ads/needs-connection"
    what_to_do = "Under Ad accounts it says why. Press Reconnect: the mapping and everything brought in so far stay."

    def __init__(self, account_id: UUID, reason: str) -> None:
        super().__init__(account_id=account_id, reason=reason)
        self.account_id = account_id
        self.reason = reason

    def __reduce__(self) -> tuple[type["NeedsConnection"], tuple[UUID, str]]:
        return type(self), (self.account_id, self.reason)
