"""Words: how many of a thing there are, and texts that can be sent."""


def count_of(number: int, one: str, many: str | None = None) -> str:
    """“1 story”, “2,000 stories”. `many` is left out where an s is all that it takes."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def sayable(text: str) -> str:
    """The text with a question mark for each half of a character (a lone surrogate), which UTF-8 and PostgreSQL cannot hold."""
    return text.encode("utf-8", "replace").decode()
