"""Whether ad accounts at Meta can be connected, and whether the system user's token is lent to those it should be lent to."""

from urllib.parse import urlsplit

from brandhound.app.findings import Check, Finding
from brandhound.core.settings import settings


def check_meta_application() -> Finding:
    configured = settings()
    has_secret = configured.meta_app_secret is not None and bool(configured.meta_app_secret.get_secret_value())
    if not configured.meta_app_id and not has_secret:
        return Finding("Meta", "good", "no application is set: ad accounts are not connected")
    if not configured.meta_app_id or not has_secret:
        missing = "BRANDHOUND_META_APP_SECRET" if configured.meta_app_id else "BRANDHOUND_META_APP_ID"
        return Finding("Meta", "bad", f"the application is set by half: {missing} is missing", f"Set {missing}.")
    if configured.zero_egress:
        fix = "Unset BRANDHOUND_ZERO_EGRESS, or import tables from Ads Manager instead."
        return Finding("Meta", "warning", "this installation asks nobody outside, so that no account can be read", fix)
    address = urlsplit(configured.public_url)
    if not configured.public_url:
        fix = "Set BRANDHOUND_PUBLIC_URL to the address that stands among the valid OAuth redirect addresses at Meta."
        return Finding("Meta", "warning", "Meta compares letter by letter where people come back to", fix)
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
        fix = "Serve it over https; docs/how-to/connect-meta.md says which addresses to enter at Meta."
        return Finding("Meta", "warning", f"Meta sends nobody back to {configured.public_url}", fix)
    return Finding("Meta", "good", f"application {configured.meta_app_id}, {configured.meta_version}")


def check_meta_system_user() -> Finding:
    configured = settings()
    token, lent_to = configured.meta_system_user_token, configured.meta_system_user_organizations
    if token is None or not token.get_secret_value():
        if lent_to:
            fix = "Set BRANDHOUND_META_SYSTEM_USER_TOKEN, or empty BRANDHOUND_META_SYSTEM_USER_ORGANIZATIONS."
            return Finding(
                "Meta system user", "warning", "organizations are named that may use it, and it has no token", fix
            )
        return Finding("Meta system user", "good", "none is set")
    if not lent_to:
        fix = (
            "Name the organizations that may use it in BRANDHOUND_META_SYSTEM_USER_ORGANIZATIONS, by their identifiers."
        )
        return Finding("Meta system user", "warning", "it has a token, and nobody may use it", fix)
    if len(lent_to) > 1:
        fix = "If they are different clients, let each connect with a login or a token of its own."
        found = f"{len(lent_to)} organizations may use it: each can read every ad account that it can"
        return Finding("Meta system user", "warning", found, fix)
    return Finding("Meta system user", "good", "one organization may use it")


CHECKS: tuple[Check, ...] = (check_meta_application, check_meta_system_user)
