"""The generated page on metrics of ads."""

from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.metrics.purchases import PURCHASE_TYPES

_BETTER = {"up": "more", "down": "less", "none": "–"}
_TOGETHER = {"sum": "sum", "ratio": "Σ ÷ Σ", "window": "asked for the window"}


def metrics_page() -> str:
    """The page."""
    lines = [
        "# Metrics of ads",
        "",
        "Raw counts are summed over days and ads first; only then is one divided by another. Where there is nothing to divide",
        "by, a metric is undefined: not zero, and not endless. Money stays in the currency of its account.",
        "[How we count](../how-we-count.md) says why.",
        "",
        "## Measures",
        "",
        "A formula of your own may use these and the metrics below by name.",
        "",
        "| name | | unit | summed | attributed | what it says |",
        "|---|---|---|---|---|---|",
    ]
    for measure in MEASURES.values():
        summed, attributed = ("yes" if yes else "no" for yes in (measure.additive, measure.attributed))
        lines.append(
            f"| `{measure.name}` | {measure.title} | {measure.kind} | {summed} | {attributed} | {measure.about} |"
        )
    lines += [
        "",
        "Attributed ones follow the attribution setting of the ad set, which stands beside each day, and go on growing for up",
        "to 28 days.",
        "",
        "## Metrics",
        "",
        "| name | | formula | shown as | better | of several ads | needs at least | what it says |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for metric in METRICS.values():
        needs = ", ".join(f"{least:g} {name}" if least >= 1 else f"some {name}" for name, least in metric.needs)
        lines.append(
            f"| `{metric.name}` | {metric.title} | `{metric.text}` | {metric.shown} | {_BETTER[metric.direction]} "
            f"| {_TOGETHER[metric.additivity]} | {needs} | {metric.about} |"
        )
    types = ", ".join(f"`{kind}`" for kind in PURCHASE_TYPES)
    lines += ["", "## Purchases", "", f"The types overlap; the first that was reported is counted: {types}."]
    return "\n".join(lines)
