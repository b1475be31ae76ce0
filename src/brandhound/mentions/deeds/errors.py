"""What a caller can do something about."""

from brandhound.core.problems import Problem


class NothingToMerge(Problem):
    """It takes two different stories to merge."""

    status = 422
    code = "stories/nothing-to-merge"
    what_to_do = "Choose at least one story besides the one that they are merged into."


class NothingToSplit(Problem):
    """No article is named that is to leave the story."""

    status = 422
    code = "stories/nothing-to-split"
    what_to_do = "Choose at least one article, or a mention in one, that is to be a story of its own."


class NothingIsLeft(Problem):
    """A story cannot be left without any article."""

    status = 422
    code = "stories/nothing-is-left"
    what_to_do = "Leave at least one article, with those that do not copy the chosen ones, in the story."


class NotInTheStory(Problem):
    """That article is not in this story."""

    status = 422
    code = "stories/not-in-the-story"
    what_to_do = "Load the story again: its articles may have been moved to another story meanwhile."

    def __init__(self, article_ids: list[str]) -> None:
        super().__init__(article_ids=article_ids)


class ChangedSince(Problem):
    """The same was changed again since, so that this cannot be taken back by itself."""

    status = 409
    code = "stories/changed-since"
    what_to_do = "Take back the later merge, split or headline first, then this one."


class StillAtWork(Problem):
    """This is still being done."""

    status = 409
    code = "stories/still-at-work"
    what_to_do = "Wait until the run is over, or cancel it under Jobs, and try again."


class TooLongAgo(Problem):
    """What was deleted is kept for 30 days, and this was longer ago."""

    status = 409
    code = "stories/too-long-ago"
    what_to_do = "A backup from before still has it."


class TagMissing(Problem):
    """Say which tag."""

    status = 422
    code = "stories/tag-missing"
    what_to_do = "Tags have up to 60 characters; give one as `tag`."


class MentionsNotChosen(Problem):
    """Choose mentions, or say which filters they match: one of both."""

    status = 422
    code = "mentions/nothing-chosen"
    what_to_do = "Send either `mentions`, a list of identifiers, or `matching`, the filters of the list."


class ToneMissing(Problem):
    """Say which tone, and only where a tone is said."""

    status = 422
    code = "mentions/tone-missing"
    what_to_do = (
        "With the kind `tone` send `tone`: positive, neutral, negative, mixed or unclear. With other kinds send none."
    )


class NothingChosen(Problem):
    """Choose stories, or say which filters they match: one of both."""

    status = 422
    code = "stories/nothing-chosen"
    what_to_do = "Send either `stories`, a list of identifiers, or `matching`, the filters of the list."
