"""What happens to mentions that others may want to hear of."""

from uuid import UUID

from brandhound.jobs.registry import Event


class MentionJudged(Event):
    """A person said whether a mention is the brand, or took that back."""

    mention_id: UUID
    brand_id: UUID


class ToneSaid(Event):
    """A person said the tone of mentions, or took that back."""

    mention_ids: list[UUID]


class ToneExamplesKept(Event):
    """Tones that people said are ready to be learned from."""

    examples: int


class MentionsStored(Event):
    """Mentions were found in these articles, and stored."""

    article_ids: list[UUID]
