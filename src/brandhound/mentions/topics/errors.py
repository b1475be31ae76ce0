"""What a caller can do something about."""

from uuid import UUID

from brandhound.core.problems import Problem


class TopicNamedAlready(Problem):
    """There is a topic of that name already."""

    status = 409
    code = "mentions/topic-named-already"
    what_to_do = "Choose another name, or change the topic that has it; it may have been put away."

    def __init__(self, topic_id: UUID) -> None:
        super().__init__(topic_id=str(topic_id))


class TooManyTopics(Problem):
    """So many topics cannot be looked for at once."""

    status = 409
    code = "mentions/too-many-topics"
    what_to_do = "Put away topics that nobody asks for any more."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class TopicOnUnknownBrand(Problem):
    """There is no such brand to look for a topic with."""

    status = 422
    code = "mentions/topic-on-unknown-brand"
    what_to_do = "Choose one of your brands, or none for all of them."

    def __init__(self, brand_id: UUID) -> None:
        super().__init__(brand_id=str(brand_id))
