"""What can go wrong with names that were found, in words for the person who can mend it."""

from uuid import UUID

from brandhound.core.problems import Problem


class AlreadyDecided(Problem):
    """Somebody has decided on this name already. Take that back first, or leave it."""

    status = 409
    code = "mentions/already-decided"
    what_to_do = "Reload the list: `state` says what was decided. It can be taken back there."

    def __init__(self, state: str) -> None:
        super().__init__(state=state)


class NotTakenBack(Problem):
    """People have worked with the brand that this name became, and that would be lost."""

    status = 409
    code = "mentions/promotion-stands"
    what_to_do = (
        "The brand was changed or judged since, was given an alert, a topic, a limit or an ad account, another brand was merged "
        "into it, or its stories were starred, tagged, merged, split or given a headline. Open the brand and remove it, with all "
        "that people did there, or pause it."
    )


class MergedSince(Problem):
    """The brand that bears this name was merged into another one since. Take that merge back first."""

    status = 409
    code = "mentions/merged-since"
    what_to_do = "`brand_id` says into which brand it was merged. Take the merge back there, then take the name back."

    def __init__(self, brand_id: UUID) -> None:
        super().__init__(brand_id=str(brand_id))


class NotOfThisKind(Problem):
    """The name cannot be of this kind. Choose another one."""

    status = 422
    code = "mentions/not-of-this-kind"
    what_to_do = (
        "`reason` says what a name of that kind looks like. A word or several words are a short or a legal name."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
