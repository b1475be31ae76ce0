"""What sorts of notices there are: how much they matter, who is told, and where unless somebody chose otherwise."""

from dataclasses import dataclass
from typing import Literal

from brandhound.notifications.models import Audience, Severity

Place = Literal["app", "email"]
"""Where every person can be told without setting anything up. Channels of their own come on top."""

APP: tuple[Place, ...] = ("app",)
APP_AND_MAIL: tuple[Place, ...] = ("app", "email")


@dataclass(frozen=True)
class Kind:
    """A sort of notice. `told` is who hears of one that is not for a single person."""

    name: str
    title: str
    category: str
    severity: Severity = "info"
    places: tuple[Place, ...] = APP
    told: Audience = "everyone"


_TABLE = (
    # Mail by itself only where somebody must act, or something works no longer and nobody would notice.
    Kind("run_done", "A run is done", "Runs"),
    Kind("run_partial", "A run is done in part", "Runs", "warning"),
    Kind("run_failed", "A run failed", "Runs", "warning"),
    Kind("run_timed_out", "A run took too long", "Runs", "warning"),
    Kind("run_lost", "A run got lost", "Runs", "warning", APP_AND_MAIL, "admins"),
    Kind("run_dead", "A run was given up", "Runs", "warning", APP_AND_MAIL, "admins"),
    Kind("schedule_paused", "A schedule stopped by itself", "Runs", "warning", APP_AND_MAIL, "admins"),
    Kind("brand_spike", "A brand is spoken of far more than usual", "Brands", "warning", APP_AND_MAIL),
    Kind("brand_story", "A story about a brand spreads", "Brands", "warning", APP_AND_MAIL),
    Kind("brand_silence", "A brand is hardly spoken of", "Brands", "warning", APP_AND_MAIL),
    Kind("lesson_outdated", "What was learned of a brand is out of date", "Brands"),
    Kind("report_ready", "A report is ready", "Reports"),
    Kind("report_not_sent", "A report could not be sent", "Reports", "warning"),
    Kind("recipient_refused", "A recipient of a report is refused", "Reports", "warning"),
    Kind("feed_silent", "A feed has fallen silent", "Feeds"),
    Kind("feed_failing", "A feed cannot be read", "Feeds", "warning"),
    Kind("feed_gone", "A feed has ended", "Feeds", "warning"),
    Kind("feed_moved", "A feed has moved", "Feeds"),
    Kind("ad_access_lost", "An ad account cannot be read any more", "Ads", "critical", APP_AND_MAIL, "admins"),
    Kind("ad_access_ending", "Access to an ad account ends soon", "Ads", "warning", APP_AND_MAIL, "admins"),
    Kind("ad_client_connected", "A client connected an ad account", "Ads"),
    Kind("breaker_open", "A provider is not asked for a while", "Providers", "warning", APP, "admins"),
    Kind("provider_key", "A provider refuses the key or wants to be paid", "Providers", "critical", APP_AND_MAIL, "admins"),
    Kind("quota_near", "80 % of a quota are used", "Providers", "warning", APP, "admins"),
    Kind("quota_spent", "A quota is used up", "Providers", "critical", APP_AND_MAIL, "admins"),
    Kind("channel_disabled", "A channel was switched off", "Installation", "warning", APP_AND_MAIL, "admins"),
    Kind("alert", "An alert rule fired", "Installation", "warning", APP_AND_MAIL, "operators"),
    Kind("logs_dropped", "Log lines were dropped early", "Installation", "warning", APP, "operators"),
    Kind("disk_full", "The disk is nearly full", "Installation", "critical", APP_AND_MAIL, "operators"),
    Kind("backup_old", "The last backup is old", "Installation", "warning", APP_AND_MAIL, "operators"),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in _TABLE}


def kind_named(name: str) -> Kind:
    """The kind of that name. One that is not in the table is told to everyone, in the app."""
    return KINDS.get(name) or Kind(name, name.replace("_", " ").replace(".", " ").capitalize(), "Other")
