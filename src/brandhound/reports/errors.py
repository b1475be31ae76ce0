"""What can be wrong with a wish for a report."""

from datetime import date
from uuid import UUID

from brandhound.core.problems import Problem


class RangeReversed(Problem):
    """The range ends before it begins. Swap the two days."""

    status = 422
    code = "reports/range-reversed"
    what_to_do = "Give the earlier day as `since_on` and the later one as `until_on`; both are included."

    def __init__(self, since_on: date, until_on: date) -> None:
        super().__init__(since_on=since_on.isoformat(), until_on=until_on.isoformat())


class RangeTooLong(Problem):
    """A report covers at most two years. Choose a shorter range, or make one report a year."""

    status = 422
    code = "reports/range-too-long"
    what_to_do = (
        "Ask for at most 731 days. For longer histories make one report a year: they compare with the year before."
    )

    def __init__(self, days: int, most: int) -> None:
        super().__init__(days=days, most=most)


class RangeInFuture(Problem):
    """The range lies in the future: nothing has been written yet. Choose days up to today."""

    status = 422
    code = "reports/range-in-future"
    what_to_do = "Choose a last day that is today or earlier, in the organization's time zone (Settings)."

    def __init__(self, until_on: date, today_on: date) -> None:
        super().__init__(until_on=until_on.isoformat(), today_on=today_on.isoformat())


class RangeOutOfCalendar(Problem):
    """A report cannot begin before the year 1970. Choose later days."""

    status = 422
    code = "reports/range-out-of-calendar"
    what_to_do = "Choose a first day in 1970 or later."

    def __init__(self, since_on: date) -> None:
        super().__init__(since_on=since_on.isoformat())


class NoBrandsToReport(Problem):
    """There is no brand to report on. Add your brand first, then make the report."""

    status = 409
    code = "reports/no-brands"
    what_to_do = "Open Brands and add the brand or client to report on, or continue one that is paused."


class UnknownBrand(Problem):
    """One of the brands is not there, or was removed. Choose from the list of brands."""

    status = 422
    code = "reports/unknown-brand"
    what_to_do = "Reload the list of brands and choose again; `brand_ids` in the answer names those that are not there."

    def __init__(self, brand_ids: list[UUID]) -> None:
        super().__init__(brand_ids=[str(brand_id) for brand_id in brand_ids])


class ReportNotReady(Problem):
    """This report is still being composed. It appears by itself when it is done."""

    status = 409
    code = "reports/not-ready"
    what_to_do = (
        "Wait for the run to end: it is shown under Jobs. If it failed, its log says why; then make the report again."
    )

    def __init__(self, report_id: UUID) -> None:
        super().__init__(report_id=str(report_id))


class UnknownFigure(Problem):
    """A report has no figure of that name. Take the `evidence` key that stands beside the number."""

    status = 422
    code = "reports/unknown-figure"
    what_to_do = "Use the `evidence` value of a figure in the document, unchanged and percent-encoded."

    def __init__(self, figure: str) -> None:
        super().__init__(figure=figure[:200])


class UnknownChart(Problem):
    """A report has no chart of that name. There are volume, share, tone and outlets."""

    status = 404
    code = "reports/unknown-chart"
    what_to_do = "Ask for `volume.svg`, `share.svg`, `tone.svg` or `outlets.svg`."

    def __init__(self, name: str) -> None:
        super().__init__(name=name[:80])
