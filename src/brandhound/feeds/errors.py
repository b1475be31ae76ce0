"""What can go wrong with feeds, in words for the person who can mend it."""

from uuid import UUID

from brandhound.core.problems import Problem
from brandhound.core.secrets import without_password


class FeedAlreadyFollowed(Problem):
    """This organization already follows that feed."""

    status = 409
    code = "feeds/already-followed"
    what_to_do = "Open the feed that is there; the answer names it in `feed_id`."

    def __init__(self, feed_id: UUID) -> None:
        super().__init__(feed_id=feed_id)


class BadFeedAddress(Problem):
    """That is not an address on the web."""

    status = 422
    code = "feeds/bad-address"
    what_to_do = "Give the address of a feed or of a site, such as https://example.com/feed or example.com."

    def __init__(self, url: str) -> None:
        super().__init__(url=without_password(url)[:500])


class FeedNotFound(Problem):
    """Neither is that address a feed, nor does the site name one."""

    status = 422
    code = "feeds/not-a-feed"
    what_to_do = (
        "Look on the site for a link called RSS, Atom or feed and give its address. The fact `reason` says what was "
        "found instead, `candidates` lists addresses that were tried and are feeds."
    )

    def __init__(self, url: str, reason: str, candidates: list[str]) -> None:
        super().__init__(url=without_password(url)[:500], reason=reason, candidates=candidates)


class FeedUnreachable(Problem):
    """That address could not be fetched."""

    status = 422
    code = "feeds/unreachable"
    what_to_do = (
        "The fact `reason` says why. Check the address in a browser on the same network. Addresses inside your own "
        "network are refused until BRANDHOUND_PRIVATE_NETWORKS allows them."
    )

    def __init__(self, url: str, reason: str, reason_code: str) -> None:
        super().__init__(url=without_password(url)[:500], reason=reason, reason_code=reason_code)


class BadOpml(Problem):
    """That file cannot be taken as a list of feeds (OPML)."""

    status = 422
    code = "feeds/bad-opml"
    what_to_do = (
        "Export the subscriptions from the other reader as OPML (it may call the file `subscriptions.xml`) and send "
        "that file unchanged. At most 20,000 feeds are read from one file."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class FeedPaused(Problem):
    """This feed is paused, so it is not checked."""

    status = 409
    code = "feeds/paused"
    what_to_do = "Resume the feed first."
