"""What a caller can do something about."""

from brandhound.core.problems import Problem


class LessonDecided(Problem):
    """This lesson cannot be taken that way any more."""

    status = 409
    code = "mentions/lesson-decided"
    what_to_do = (
        "Look at the brand's trust panel again: only a proposed lesson can be applied or declined, and only the applied one "
        "undone."
    )

    def __init__(self, state: str) -> None:
        super().__init__(state=state)


class NothingToSample(Problem):
    """There is no mention left to draw a sample from."""

    status = 409
    code = "mentions/nothing-to-sample"
    what_to_do = "Wait for new mentions of the brand. Those that were judged or sampled already are not drawn again."


class LimitIsPromised(Problem):
    """The limit moves by itself, because a precision was promised."""

    status = 409
    code = "mentions/limit-is-promised"
    what_to_do = "Take the promise back first; then the limit is yours to move."
