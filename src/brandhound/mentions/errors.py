"""What a caller can do something about."""

from datetime import datetime

from brandhound.core.problems import Problem


class RangeUpsideDown(Problem):
    """The range ends before it begins."""

    status = 422
    code = "mentions/range-upside-down"

    def __init__(self, since: datetime, until: datetime) -> None:
        super().__init__(since=since.isoformat(), until=until.isoformat())


class ArticleTextMissing(Problem):
    """The text of this article is no longer on disk."""

    status = 410
    code = "mentions/article-text-missing"

    def __init__(self, article_id: str) -> None:
        super().__init__(article_id=article_id)
