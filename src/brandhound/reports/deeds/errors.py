"""What a caller can do something about."""

from brandhound.core.problems import Problem


class NoReportsChosen(Problem):
    """Choose reports, or say which filters they match: one of both."""

    status = 422
    code = "reports/nothing-chosen"
    what_to_do = "Send either `reports`, a list of identifiers, or `matching`, the filters of the list."


class ReportTagMissing(Problem):
    """Say which tag."""

    status = 422
    code = "reports/tag-missing"
    what_to_do = "Tags have up to 60 characters; give one as `tag`."


class DeletedTooLongAgo(Problem):
    """What was deleted is kept for 30 days, and this was longer ago."""

    status = 409
    code = "reports/too-long-ago"
    what_to_do = "A backup from before still has it. Or make the report anew: the mentions themselves stayed."
