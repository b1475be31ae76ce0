"""Numbers as Meta writes them: text, exact. Money becomes whole millionths, so that nothing is lost in adding it up."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from brandhound.ads.meta.facts_of_meta import limits

MILLION = 1_000_000


class Unreadable(ValueError):
    """What should be a number, or a time, is none."""

    code = "ads/unreadable"


def micros(text: object) -> int | None:
    """Major units as millionths: "12.34" is 12,340,000. Raises Unreadable."""
    if text is None or text == "":
        return None
    whole, dot, part = str(text).partition(".")
    try:
        if not dot:
            return int(whole) * MILLION
        if len(part) <= 6 and part.isdigit():
            millionths = int(part.ljust(6, "0"))
            return int(whole or "0") * MILLION + (-millionths if whole.startswith("-") else millionths)
        return int((Decimal(str(text)) * MILLION).to_integral_value())
    except (ValueError, InvalidOperation) as error:
        raise Unreadable(f"{text!r} is no amount of money") from error


def budget_micros(text: object, currency: str) -> int | None:
    """Minor units, as budgets come, as millionths; a budget of 0 is none. Raises Unreadable."""
    found = whole(text)
    if not found:
        return None
    return found * (MILLION if currency in limits()["whole_currencies"] else MILLION // 100)


def whole(text: object) -> int | None:
    """A count. Raises Unreadable."""
    if text is None or text == "":
        return None
    try:
        return int(text)  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownVariableType]
    except (TypeError, ValueError):
        try:
            return int(Decimal(str(text)).to_integral_value())
        except InvalidOperation as error:
            raise Unreadable(f"{text!r} is no count") from error


def exact(text: object) -> int | Decimal | None:
    """A count that may be a fraction: models put parts of a purchase down to an ad. Raises Unreadable."""
    if text is None or text == "":
        return None
    if isinstance(text, str) and text.isdigit() and text.isascii():
        # Nearly all of them are whole, and whole numbers are much less work.
        return int(text)
    try:
        found = Decimal(str(text))
    except InvalidOperation as error:
        raise Unreadable(f"{text!r} is no number") from error
    if not found.is_finite():
        raise Unreadable(f"{text!r} is no number")
    return found


def moment(text: object) -> datetime | None:
    """A time with its offset, such as 2026-02-05T10:00:00-0800. Raises Unreadable."""
    if text is None or text == "":
        return None
    if isinstance(text, int):
        return datetime.fromtimestamp(text, UTC)
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Unreadable(f"{text!r} is no time") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
