"""What can be wrong with a formula."""

from collections.abc import Sequence

from brandhound.core.problems import Problem


class FormulaUnreadable(Problem):
    """That formula cannot be read."""

    status = 422
    code = "ads/formula-unreadable"
    what_to_do = (
        "`reason` says what was expected and `position` where (the first character is 1). A formula is made of the names "
        "of measures and metrics, numbers, `+ - * /` and parentheses: `purchase_value / spend`."
    )

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason=reason, position=position)


class UnknownName(Problem):
    """That formula names something that is not counted."""

    status = 422
    code = "ads/formula-unknown-name"
    what_to_do = "`name` is not known; `suggestions` are the nearest names. The list of all is in the page on metrics."

    def __init__(self, name: str, position: int, suggestions: Sequence[str]) -> None:
        super().__init__(name=name, position=position, suggestions=tuple(suggestions))


class UnitsDoNotMix(Problem):
    """That formula adds or compares things of different units."""

    status = 422
    code = "ads/formula-units"
    what_to_do = "`reason` names the two units. Money is added to money and counts to counts; divide one by the other for a rate."

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason=reason, position=position)


class FormulaWithoutValue(Problem):
    """That formula can be read, but has no value for any ad."""

    status = 422
    code = "ads/formula-without-value"
    what_to_do = "`reason` says why and `position` where (the first character is 1)."

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason=reason, position=position)


class FormulaNotSummable(Problem):
    """What that formula gives cannot be added up: who saw two ads would be counted as two people."""

    status = 422
    code = "ads/formula-not-summable"
    what_to_do = (
        "Say that its values may not be added up (`summable` is false). `names` are what it is made of that cannot be."
    )

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=tuple(names))


class FormatDoesNotFit(Problem):
    """That formula does not give what the chosen format shows."""

    status = 422
    code = "ads/formula-format"
    what_to_do = (
        "The format `money` needs a formula whose unit is money (or money for one of something), `seconds` one of time, "
        "and `percent`, `times` and `number` one without either."
    )

    def __init__(self, shown_as: str, unit: str) -> None:
        super().__init__(format=shown_as, unit=unit)
