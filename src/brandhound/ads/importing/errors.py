"""What can be wrong with a table as a whole. What is wrong with single rows is told with them."""

from collections.abc import Iterable, Sequence

from brandhound.core.problems import Problem
from brandhound.core.wording import count_of

_LISTED = 10
"""Of a column that holds something else than it is taken for there may be thousands."""


class TableUnreadable(Problem):
    """This is no table that can be read."""

    status = 422
    code = "ads/table-unreadable"
    what_to_do = (
        "Export from Ads Manager as CSV or Excel (.xlsx) and send the file as it is. A file that was cut off, is empty or "
        "is protected by a password cannot be read."
    )

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class ColumnsMissing(Problem):
    """Columns that a day of an ad cannot do without were not found."""

    status = 422
    code = "ads/columns-missing"
    what_to_do = (
        "Say with `mapping` which column holds what, or export again with the breakdown “Day” and the columns ad name or "
        "ad ID and amount spent. `headers` lists what the table has."
    )

    def __init__(self, missing: Sequence[str], headers: Sequence[str]) -> None:
        super().__init__(missing=list(missing), headers=list(headers))


class AdIdsMissing(Problem):
    """Ads have no ID in the table, and the platform knows this account's ads by their IDs."""

    status = 422
    code = "ads/ad-ids-missing"
    what_to_do = (
        "Export again with the column “Ad ID” (Ads Manager → Columns → Customize), or say with `mapping` which column holds "
        "it. Where Excel wrote 1.2E+17, format the column as text before the file is saved, or send the file as it was "
        "exported. By their names these ads would be others than those that are here, and be counted a second time."
    )

    def __init__(self, ads: Sequence[str], headers: Sequence[str]) -> None:
        why = (
            f"{count_of(len(ads), 'ad')} in it without an ID: export again with the column “Ad ID”, and format that column as "
            "text before Excel saves it"
        )
        super().__init__(ads=list(ads[:_LISTED]), headers=list(headers), why=why)


class NotByDay(Problem):
    """The table has totals over several days and not one row for each day."""

    status = 422
    code = "ads/not-by-day"
    what_to_do = (
        "In Ads Manager choose Breakdown → By time → Day, at the level of ads, and export again. Totals of a period cannot "
        "be taken apart, and adding them to days would count everything twice."
    )

    def __init__(self, since: str, until: str) -> None:
        super().__init__(since=since, until=until)


class NotByAd(Problem):
    """The table is not at the level of ads."""

    status = 422
    code = "ads/not-by-ad"
    what_to_do = "In Ads Manager open the tab Ads, choose Breakdown → By time → Day, and export again."


class OtherCurrency(Problem):
    """The table's money is in another currency than the account's, or in several."""

    status = 409
    code = "ads/other-currency"
    what_to_do = (
        "Import it into an account of that currency: amounts of different currencies cannot be added up. A table of several "
        "currencies is one of several ad accounts: export each of them by itself."
    )

    def __init__(self, table: Iterable[str], account: str) -> None:
        super().__init__(table=_listed(table), account=account)


class SeveralAccounts(Problem):
    """The table is of several ad accounts."""

    status = 422
    code = "ads/several-accounts"
    what_to_do = (
        "Export one ad account at a time, or keep the rows of one, and import each into an account of its own: several are "
        "not added up as if they were one. Where one account here is meant to hold them all, say so with "
        '`mapping={"account_id": ""}`: the column is then not read.'
    )

    def __init__(self, accounts: Iterable[str], header: str) -> None:
        found = sorted(accounts)
        super().__init__(accounts=found[:_LISTED], why=f"“{header}” holds {len(found):,} of them: {_listed(found)}")


class RowsFaulty(Problem):
    """Some rows cannot be read, so nothing was stored."""

    status = 422
    code = "ads/rows-faulty"
    what_to_do = "Mend the rows that the dry run lists, or import with `skip_faulty`: those rows are then left out."

    def __init__(self, faulty: int) -> None:
        super().__init__(faulty=faulty)


class MappingUnknown(Problem):
    """The mapping names a column or a measure that there is not."""

    status = 422
    code = "ads/mapping-unknown"
    what_to_do = "`mapping` is a JSON object from measures to headers of the table; both lists are in the answer."

    def __init__(self, names: Sequence[str], measures: Sequence[str]) -> None:
        super().__init__(names=list(names), measures=list(measures))


class CurrencyUnknown(Problem):
    """That is no currency, or no time zone, that we know."""

    status = 422
    code = "ads/zone-or-currency-unknown"
    what_to_do = "Give the currency by its three letters (EUR) and the zone by its IANA name (Europe/Berlin)."


def _listed(told: Iterable[str]) -> str:
    found = sorted(told)
    return ", ".join(one[:40] for one in found[:_LISTED]) + (", …" if len(found) > _LISTED else "")
