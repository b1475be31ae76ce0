"""What can be wrong with rates."""

from brandhound.core.problems import Problem


class RatesUnreadable(Problem):
    """This is no table of rates."""

    status = 422
    code = "ads/rates-unreadable"
    what_to_do = (
        "Send a CSV file: either the European Central Bank's own eurofxref-hist.csv (a column Date and one a currency; its "
        "zip will do), or a table with the columns date, currency and rate. `why` says what is wrong with this one."
    )

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class RatesFaulty(Problem):
    """Some rates cannot be read, so nothing was stored."""

    status = 422
    code = "ads/rates-faulty"
    what_to_do = "Mend the rows that the dry run lists, or import with `skip_faulty`: those rates are then left out."

    def __init__(self, faulty: int) -> None:
        super().__init__(faulty=faulty)


class OtherBase(Problem):
    """Your rates are against another currency."""

    status = 409
    code = "ads/other-base"
    what_to_do = (
        "All rates of an organization are units of a currency for one of the same base. Put them in against `base`, or "
        "remove the rates that are there first."
    )

    def __init__(self, base: str, given: str) -> None:
        super().__init__(base=base, given=given)


class BadRate(Problem):
    """That is no rate."""

    status = 422
    code = "ads/bad-rate"
    what_to_do = "`why` says what is wrong."

    def __init__(self, why: str) -> None:
        super().__init__(why=why)
