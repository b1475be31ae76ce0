"""What a client sees who connects their ad accounts by a link: pages without scripts, as HTML."""

from collections.abc import Sequence
from html import escape

from brandhound.ads.letting_in import Connected, Invited
from brandhound.ads.schemas import LoginOut, OfferedAccount
from brandhound.core.outside import small_page


def invitation(invited: Invited) -> str:
    """Who asks for what, and the button that leads to Meta."""
    who, brand = escape(invited.organization), escape(invited.brand)
    return small_page(
        f"{invited.organization} asks for the figures of your ads",
        f"<p><b>{who}</b> looks after <b>{brand}</b>, and asks you to let it read the ad accounts of {brand} at Meta.</p>"
        "<ul><li>You log in at Meta, and choose the accounts yourself.</li>"
        "<li>It is only read: no ad and no budget is ever changed.</li>"
        f"<li>What you choose serves {brand} alone, and is seen by nobody but {who}.</li>"
        "<li>You can end it at any time in your settings at Meta, under Business integrations.</li></ul>"
        f"<p>This link is good for once, until {invited.expires_at:%-d %B %Y at %H:%M} UTC.</p>",
        "Log in at Meta",
    )


def choosing(invited: Invited, login: LoginOut, retry: str | None, note: str = "") -> str:
    """The accounts to choose among; or why there is nothing to choose."""
    if login.outcome != "choose":
        # By the words that stand in what helps.
        again = "Ask again" if login.outcome in ("declined", "partial") else "Connect once more"
        return trouble(login.says, login.what_to_do, retry, again)
    accounts = {one.external_id: one for one in login.accounts}
    usable = [one for one in login.accounts if one.usable]
    groups, seen = list[str](), set[str]()
    for business in login.businesses:
        # Each is ticked in one place.
        own = [accounts[name] for name in business.account_ids if name in accounts and name not in seen]
        seen |= {one.external_id for one in own}
        if own:
            groups.append(_group(business.name or "Without a business", own, only=len(usable) == 1))
    if rest := [one for one in login.accounts if one.external_id not in seen]:
        groups.append(_group("Ad accounts", rest, only=len(usable) == 1))
    whose = f", with the login of {escape(login.subject_name)}" if login.subject_name else ""
    others = f'<p><a href="{escape(retry)}">Log in as somebody else</a></p>' if retry else ""
    said = f'<p role="alert" class="note">{escape(note)}</p>' if note else ""
    return small_page(
        f"Which ad accounts belong to {invited.brand}?",
        f"<p>Choose those that {escape(invited.organization)} may read{whose}.</p>{said}{''.join(groups)}{others}",
        "Connect them",
    )


def done(connected: Connected) -> str:
    """What was connected."""
    invited = connected.invited
    names = "".join(f"<li>{escape(name)}</li>" for name in connected.names)
    return small_page(
        "Connected. Thank you",
        f"<p>{escape(invited.organization)} can now read for {escape(invited.brand)}:</p><ul>{names}</ul>"
        "<p>You can close this page; the link does not work a second time. To end it, remove the application in your "
        "settings at Meta, under Business integrations.</p>",
    )


def trouble(says: str, helps: str, retry: str | None = None, again: str = "Try once more") -> str:
    """What did not work, and what helps."""
    way = f'<p><a href="{escape(retry)}">{escape(again)}</a></p>' if retry else ""
    return small_page(says.rstrip("."), f"<p>{escape(helps)}</p>{way}")


def _group(title: str, accounts: Sequence[OfferedAccount], *, only: bool) -> str:
    return (
        f"<fieldset><legend>{escape(title)}</legend>{''.join(_choice(one, only=only) for one in accounts)}</fieldset>"
    )


def _choice(account: OfferedAccount, *, only: bool) -> str:
    ticked = " checked" if account.usable and (only or account.brand_ids) else ""
    barred = "" if account.usable else " disabled"
    facts = " · ".join(filter(None, (account.external_id, account.currency, account.time_zone)))
    why = f"<small>{escape(account.why)}</small>" if account.why else ""
    return (
        f'<label class="choice"><input type="checkbox" name="account" value="{escape(account.external_id)}"{ticked}{barred}>'
        f"<span>{escape(account.name)}<small>{escape(facts)}</small>{why}</span></label>"
    )
