"""What can go wrong with merging, in words for the person who can mend it."""

from uuid import UUID

from brandhound.core.problems import Problem


class MergeWithItself(Problem):
    """A brand cannot be merged into itself. Choose another one."""

    status = 422
    code = "mentions/merge-with-itself"
    what_to_do = "Name two different brands."


class MergeUndone(Problem):
    """This merge was already taken back."""

    status = 409
    code = "mentions/merge-undone"
    what_to_do = "Nothing is left to do: both brands are there again. Reload the list."


class MergedFurther(Problem):
    """The brand that stayed was merged again since, or took in another. Take that back first."""

    status = 409
    code = "mentions/merged-further"
    what_to_do = "Take back the later merge first; `merge_id` names it. Then this one can be taken back as well."

    def __init__(self, merge_id: UUID | None) -> None:
        super().__init__(merge_id=str(merge_id) if merge_id else None)


class MergeAtWork(Problem):
    """The mentions of one of these brands are still being moved."""

    status = 409
    code = "mentions/merge-at-work"
    what_to_do = (
        "Wait until the run named by `run_id` is over; Jobs shows how far it is. A merge whose run was stopped half-way can be "
        "taken back."
    )

    def __init__(self, merge_id: UUID, run_id: UUID | None) -> None:
        super().__init__(merge_id=str(merge_id), run_id=str(run_id) if run_id else None)
