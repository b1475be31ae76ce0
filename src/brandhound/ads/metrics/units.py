"""Values that carry their unit. Two units never mix: it does not type-check, and at run time it is a `TypeError`."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Self, TypeVar

# ISO 4217: currencies whose smallest unit is not a hundredth. All others have two digits.
DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


class CurrencyMix(TypeError):
    """Money of two currencies was put together."""


_P = TypeVar("_P", bound="_Plain")
_M = TypeVar("_M", bound="_InCurrency")


@dataclass(frozen=True, slots=True, order=True)
class _Plain:
    value: float

    def __add__(self, other: Self) -> Self:
        return type(self)(self.value + _same(self, other).value)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.value - _same(self, other).value)


@dataclass(frozen=True, slots=True, order=True)
class Count(_Plain):
    """So many things. Models attribute fractions of a purchase, so it need not be whole."""

    def share_of(self, whole: "Count") -> "Fraction | None":
        """This as a part of the whole; undefined when there is no whole."""
        return None if not _same(self, whole).value else Fraction(self.value / whole.value)


@dataclass(frozen=True, slots=True, order=True)
class Fraction(_Plain):
    """A share of a whole: 0.02 is two in a hundred."""

    def as_percent(self) -> "Percent":
        return Percent(100 * self.value)


@dataclass(frozen=True, slots=True, order=True)
class Percent(_Plain):
    """The same share in hundredths: 2 is two in a hundred."""

    def as_fraction(self) -> Fraction:
        return Fraction(self.value / 100)


@dataclass(frozen=True, slots=True, order=True)
class Ratio(_Plain):
    """How many times: return on spend, frequency. Not a share of anything."""


@dataclass(frozen=True, slots=True, order=True)
class Seconds(_Plain):
    """A length of time."""


@dataclass(frozen=True, slots=True)
class _InCurrency:
    amount: float
    currency: str

    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount + _same_currency(self, other).amount, self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount - _same_currency(self, other).amount, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount < _same_currency(self, other).amount

    def __le__(self, other: Self) -> bool:
        return self.amount <= _same_currency(self, other).amount

    def __gt__(self, other: Self) -> bool:
        return self.amount > _same_currency(self, other).amount

    def __ge__(self, other: Self) -> bool:
        return self.amount >= _same_currency(self, other).amount

    def rounded(self) -> Decimal:
        """The amount with as many digits as its currency has."""
        places = Decimal(1).scaleb(-DIGITS.get(self.currency, 2))
        return Decimal(str(self.amount)).quantize(places, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Money(_InCurrency):
    """An amount of one currency, in its main unit."""

    @classmethod
    def of_micros(cls, micros: int, currency: str) -> "Money":
        """From millionths, as they are stored."""
        return cls(micros / 1_000_000, currency)

    def per(self, count: Count) -> "MoneyPer | None":
        """What one cost; undefined when there was none."""
        return None if not _a(Count, count).value else MoneyPer(self.amount / count.value, self.currency)

    def times(self, spent: "Money") -> Ratio | None:
        """How many times the money that was spent; undefined when none was."""
        return None if not _same_currency(self, spent).amount else Ratio(self.amount / spent.amount)


@dataclass(frozen=True, slots=True)
class MoneyPer(_InCurrency):
    """What one (or a thousand) of something costs."""


Quantity = Count | Fraction | Percent | Ratio | Seconds | Money | MoneyPer


def _same(one: _P, other: _P) -> _P:
    if type(one) is not type(other):
        raise TypeError(f"{type(one).__name__} and {type(other).__name__} do not mix")
    return other


def _same_currency(one: _M, other: _M) -> _M:
    if type(one) is not type(other):
        raise TypeError(f"{type(one).__name__} and {type(other).__name__} do not mix")
    if one.currency != other.currency:
        raise CurrencyMix(f"{one.currency} and {other.currency} do not mix")
    return other


def _a(kind: type[_P], value: _P) -> _P:
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} is needed, not {type(value).__name__}")
    return value
