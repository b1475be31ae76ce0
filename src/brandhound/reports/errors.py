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


class TemplateStatement(Problem):
    """Texts of a template hold variables and nothing else: no loops and no conditions."""

    status = 422
    code = "reports/template-statement"
    what_to_do = (
        "Take out what begins with `{%` or `{#`. Lists are blocks of their own (mentions, stories, outlets); they repeat by "
        "themselves."
    )

    def __init__(self, block: int, line: int, found: str) -> None:
        super().__init__(block=block, line=line, found=found)


class TemplateUnknownVariable(Problem):
    """A text of the template names a variable that there is not."""

    status = 422
    code = "reports/template-unknown-variable"
    what_to_do = "Choose one of the variables that the editor lists, written as `{{ brand }}`."

    def __init__(self, block: int, line: int, found: str, nearest: str | None) -> None:
        super().__init__(block=block, line=line, found=found, nearest=nearest)


class TemplateTooManyVariables(Problem):
    """A text of the template names more variables than a text may."""

    status = 422
    code = "reports/template-too-many-variables"
    what_to_do = "Divide it into several text blocks, or name fewer."

    def __init__(self, block: int, most: int) -> None:
        super().__init__(block=block, most=most)


class TemplateTitleMisplaced(Problem):
    """A template begins with its title, and has one only."""

    status = 422
    code = "reports/template-title-misplaced"
    what_to_do = "Put the title block first, and take out any other. Its text may stay empty."


class TemplateSummaryTwice(Problem):
    """A template has one summary at most."""

    status = 422
    code = "reports/template-summary-twice"
    what_to_do = "Take out one of the two summary blocks."


class TemplateListsTooLong(Problem):
    """The lists of a template show more rows in all than a report can be printed with in time."""

    status = 422
    code = "reports/template-lists-too-long"
    what_to_do = "Take out lists, or let them show fewer: `found` rows are asked for in all, `most` are allowed."

    def __init__(self, found: int, most: int) -> None:
        super().__init__(found=found, most=most)


class TemplateTooManyCharts(Problem):
    """A template has more charts than a report can be printed with in time."""

    status = 422
    code = "reports/template-too-many-charts"
    what_to_do = "Take out charts: there are `found`, and `most` are allowed."

    def __init__(self, found: int, most: int) -> None:
        super().__init__(found=found, most=most)


class TemplateNameTaken(Problem):
    """Another template has that name."""

    status = 409
    code = "reports/template-name-taken"
    what_to_do = "Give it another name, or change the one that has it."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class TemplateChangedMeanwhile(Problem):
    """Somebody saved this template while you were changing it."""

    status = 409
    code = "reports/template-changed-meanwhile"
    what_to_do = "Open it again: their version is the newest, and yours can be put on top of it."

    def __init__(self, newest: int) -> None:
        super().__init__(newest=newest)


class TemplateInUse(Problem):
    """Reports that leave by themselves are made with this template."""

    status = 409
    code = "reports/template-in-use"
    what_to_do = "Choose another template in those schedules first; then it can go."

    def __init__(self, schedules: Sequence[str]) -> None:
        super().__init__(schedules=list(schedules))


class TooManyTemplates(Problem):
    """There are as many templates as an organization may have."""

    status = 409
    code = "reports/too-many-templates"
    what_to_do = "Remove one that is not used any more."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class ColorTooPale(Problem):
    """That colour is too pale to be read on white."""

    status = 422
    code = "reports/color-too-pale"
    what_to_do = (
        "Choose a darker one: text needs a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3). `darker` is the nearest that has it."
    )

    def __init__(self, contrast: float, needed: float, darker: str) -> None:
        super().__init__(contrast=contrast, needed=needed, darker=darker)


class LogoUnreadable(Problem):
    """That file is no PNG, JPEG or SVG picture."""

    status = 422
    code = "reports/logo-unreadable"
    what_to_do = "Upload a PNG or a JPEG, or an SVG of plain shapes with a size or a view box."


class LogoNotPlain(Problem):
    """That drawing holds more than plain shapes."""

    status = 422
    code = "reports/logo-not-plain"
    what_to_do = (
        "`what` names it. Export the SVG anew with texts turned into paths and looks as attributes (“plain SVG”, “presentation "
        "attributes”), without scripts, pictures, styles or links; or export it as a PNG."
    )

    def __init__(self, what: str) -> None:
        super().__init__(what=what)


class LogoTooLarge(Problem):
    """That picture is too large for a logo."""

    status = 413
    code = "reports/logo-too-large"
    what_to_do = "Upload at most 1 MB, and at most 4,000 pixels on a side."

    def __init__(self, most_bytes: int, most_pixels: int) -> None:
        super().__init__(most_bytes=most_bytes, most_pixels=most_pixels)


class ComparedRangeUnclear(Problem):
    """Say which days to compare with, or compare with the days before."""

    status = 422
    code = "reports/compared-range-unclear"
    what_to_do = (
        "Give both `before_since_on` and `before_until_on` together with `against: range`, and neither otherwise."
    )


class ComparedRangeOverlaps(Problem):
    """A range cannot be compared with days that it holds itself."""

    status = 422
    code = "reports/compared-range-overlaps"
    what_to_do = "Choose days that all lie before, or all lie after, those of the report."
