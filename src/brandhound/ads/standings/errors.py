"""What can go wrong when people say how they want to see ads."""

from collections.abc import Sequence

from brandhound.core.problems import Problem


class NameTaken(Problem):
    """Something of that name is there already."""

    status = 409
    code = "ads/name-taken"
    what_to_do = "Choose another name. Names of metrics and measures that come with the product are taken too."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class UnknownColumn(Problem):
    """There is no such column."""

    status = 422
    code = "ads/unknown-column"
    what_to_do = (
        "`name` is neither a measure nor a metric, and none of your own metrics. `GET /api/ads/metrics` lists them."
        " Presets are preset:performance, preset:video and preset:conversions."
    )

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class UnknownFilter(Problem):
    """Ads cannot be narrowed to that."""

    status = 422
    code = "ads/unknown-filter"
    what_to_do = (
        "`parameter` has a value that no ad can have: the list would be empty whatever there is. `known` lists those that it "
        "may have; what can be said of ads (`rule`) is told in words by `GET /api/ads/rules`."
    )

    def __init__(self, parameter: str, value: str, known: Sequence[str]) -> None:
        super().__init__(parameter=parameter, value=value, known=list(known))


class BadNamingPattern(Problem):
    """That pattern of names cannot be used."""

    status = 422
    code = "ads/bad-naming-pattern"
    what_to_do = (
        "A pattern is made of parts in braces with something between them, such as {product}_{angle}_{format}_{date}; "
        "each part stands once. `reason` says what is wrong."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
