"""What can be wrong with a wish for a report."""

from collections.abc import Sequence
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


class RecipientUnsubscribed(Problem):
    """Somebody among them asked to get this report no more."""

    status = 409
    code = "reports/recipient-unsubscribed"
    what_to_do = "Leave the address out. Who unsubscribed can be taken in again only by themselves, as a member."

    def __init__(self, emails: Sequence[str]) -> None:
        super().__init__(emails=list(emails))


class RecipientNotMember(Problem):
    """One of the recipients is not a member of this organization."""

    status = 422
    code = "reports/recipient-not-member"
    what_to_do = "Choose from the list of members, or give the address of somebody outside."

    def __init__(self, user_ids: Sequence[UUID]) -> None:
        super().__init__(user_ids=[str(user_id) for user_id in user_ids])


class NoRecipient(Problem):
    """A report that leaves needs somebody who gets it."""

    status = 422
    code = "reports/no-recipient"
    what_to_do = "Name a member, or the address of somebody outside."


class RecipientTwice(Problem):
    """The same recipient is named twice."""

    status = 422
    code = "reports/recipient-twice"
    what_to_do = "Name each member and each address once: everybody gets one mail."


class OnlyForPeople(Problem):
    """Only a person who is signed in has a mail address to send that to."""

    status = 409
    code = "reports/only-for-people"
    what_to_do = "Sign in and ask again: an API key has no mail address."


class CannotSendAgain(Problem):
    """That cannot be sent again."""

    status = 409
    code = "reports/cannot-send-again"
    what_to_do = (
        "What is on its way is waited for. Something whose schedule, recipient or report was removed, or whose reader "
        "unsubscribed, is not sent any more."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class NoSuchLink(Problem):
    """This link does not work any more."""

    status = 404
    code = "reports/no-such-link"
    what_to_do = "Ask whoever sent it for a new one: links end after some time, and can be taken back."


class TooManyRows(Problem):
    """That many mentions are not written while a browser waits."""

    status = 409
    code = "reports/too-many-rows"
    what_to_do = "Ask for a file: a run makes it, and it stays for download for a week."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class FileNotReady(Problem):
    """The file is not there yet."""

    status = 409
    code = "reports/file-not-ready"
    what_to_do = "Wait for its run, or ask for the file again if that failed."

    def __init__(self, state: str) -> None:
        super().__init__(state=state)


class DigestOff(Problem):
    """The digest is switched off."""

    status = 409
    code = "reports/digest-off"
    what_to_do = "Choose it first, under Settings → Notifications."
