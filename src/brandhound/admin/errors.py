"""What can go wrong for an operator."""

from brandhound.core.problems import Problem


class UnknownMetric(Problem):
    """There is no metric of that name."""

    status = 422
    code = "admin/unknown-metric"
    what_to_do = "`GET /api/admin/metrics/names` lists them; the reference of metrics says what each means."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class ShippedRuleStays(Problem):
    """A rule that came with the product can be switched off, and not removed."""

    status = 409
    code = "admin/shipped-rule-stays"
    what_to_do = "Switch it off instead: it would come back with the next update."


class BadMetricsToken(Problem):
    """Figures are given to whoever has the token, and without one only to this machine."""

    status = 403
    code = "admin/bad-metrics-token"
    what_to_do = (
        "Set BRANDHOUND_METRICS_TOKEN, and let Prometheus send it as `Authorization: Bearer …` "
        "(`authorization.credentials` in its scrape configuration)."
    )


class UnknownChannel(Problem):
    """There is no such channel, or it is switched off."""

    status = 422
    code = "admin/unknown-channel"
    what_to_do = "Use `preferences`, or the identifier of a channel that is listed under Settings → Notifications."

    def __init__(self, channel: str) -> None:
        super().__init__(channel=channel)
