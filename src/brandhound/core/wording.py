"""How many of a thing there are, in words."""


def count_of(number: int, one: str, many: str | None = None) -> str:
    """“1 story”, “2,000 stories”. `many` is left out where an s is all that it takes."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
