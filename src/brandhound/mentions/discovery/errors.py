"""What can go wrong with names that were found, in words for the person who can mend it."""

from brandhound.core.problems import Problem


class AlreadyDecided(Problem):
    """Somebody has decided on this name already. Take that back first, or leave it."""

    status = 409
    code = "mentions/already-decided"
    what_to_do = "Reload the list: `state` says what was decided. It can be taken back there."

    def __init__(self, state: str) -> None:
        super().__init__(state=state)


class NotTakenBack(Problem):
    """The brand that this name became was changed, judged, or given an alert, a topic, a limit or an ad account since."""

    status = 409
    code = "mentions/promotion-stands"
    what_to_do = "Open the brand and remove it, with all that people did there, or pause it."
