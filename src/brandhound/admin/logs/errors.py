"""What can go wrong when somebody looks for what happened."""

from brandhound.core.problems import Problem


class BadWindow(Problem):
    """The search must begin before it ends."""

    status = 422
    code = "logs/bad-window"
    what_to_do = "Give `since` a moment before `until`, both with a time zone, such as 2026-01-31T08:00:00Z."


class WindowTooLong(Problem):
    """Logs are searched in at most 31 days at a time."""

    status = 422
    code = "logs/window-too-long"
    what_to_do = "Bring `since` and `until` closer together, and search the time before in a second request."


class SearchTooSlow(Problem):
    """That search looks at too many lines."""

    status = 422
    code = "logs/search-too-slow"
    what_to_do = "Narrow it: a shorter time, a level, or a field such as the run, the feed or the request."


class NotAPerson(Problem):
    """Searches are saved for people, and this is an API key."""

    status = 403
    code = "logs/not-a-person"
    what_to_do = "Sign in with a browser to save a search; a program can send the same parameters each time."
