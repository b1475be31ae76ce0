"""What can go wrong when somebody says who they are."""

from brandhound.core.problems import Problem


class NotSignedIn(Problem):
    """You are not signed in."""

    status = 401
    code = "identity/not-signed-in"
    what_to_do = "Sign in again. A program sends its key as `Authorization: Bearer bh_…`."


class WrongPassword(Problem):
    """The e-mail address or the password is wrong."""

    status = 401
    code = "identity/wrong-password"
    what_to_do = (
        "Check both. After five failures in a row each further attempt has to wait longer. If the password is forgotten, an "
        "administrator of your organization makes you a link for a new one under Settings → Members; on the machine itself, "
        "`brandhound reset-password EMAIL` prints one, also for the administrator."
    )


class NotYourPassword(Problem):
    """That is not your present password."""

    status = 403
    code = "identity/not-your-password"
    what_to_do = (
        "Type the password that you sign in with now. After five failures in a row each further attempt has to wait longer. "
        "If it is forgotten, ask an administrator for a link, or run `brandhound reset-password EMAIL` on the machine itself."
    )


class BadResetLink(Problem):
    """That link is not valid: it was used, it has ended, or a newer one was made."""

    status = 404
    code = "identity/bad-reset-link"
    what_to_do = (
        "Ask whoever made it for a new one: a link for a new password serves once and ends after an hour. On the machine "
        "itself, `brandhound reset-password EMAIL` prints one."
    )


class WeakPassword(Problem):
    """The password is too short: take at least ten characters."""

    status = 422
    code = "identity/weak-password"
    what_to_do = "Ten characters or more, and not your e-mail address. Several words make a good one."


class SetupIsOver(Problem):
    """This installation has an administrator already."""

    status = 409
    code = "identity/setup-is-over"
    what_to_do = "Sign in, or ask the administrator for an invitation."


class BadSetupLink(Problem):
    """That setup link is not valid, or it was used."""

    status = 403
    code = "identity/bad-setup-link"
    what_to_do = "Start brandhound again: it prints a fresh link as long as there is no administrator."


class BadKey(Problem):
    """That API key is not valid."""

    status = 401
    code = "identity/bad-key"
    what_to_do = (
        "It was never made here, or somebody ended it. Keys are shown once when they are made: see whether all of it was "
        "copied, or make a new one under Settings → API keys."
    )


class KeyHasEnded(Problem):
    """The time of that API key is over."""

    status = 401
    code = "identity/key-has-ended"
    what_to_do = "It ended when `expires_at` says. Make a new one under Settings → API keys."


class CrossSiteRequest(Problem):
    """Another website sent this request in your name: it was refused."""

    status = 403
    code = "identity/cross-site-request"
    what_to_do = (
        "Open brandhound under its own address. Behind a proxy, pass on the Host header and set BRANDHOUND_PUBLIC_URL."
    )
