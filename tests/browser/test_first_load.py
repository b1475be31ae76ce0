"""What a browser loads before the first screen is there stays small, whatever else is built."""

from bench.ui_load import SCREENS, first_load

MOST_KB = 250


def test_the_inbox_needs_no_more_than_250_kilobytes_of_scripts() -> None:
    loaded = first_load(SCREENS["stories"])["javascript"]
    # Screens, panels and charts that are not seen at first belong behind `lazy` or `later`.
    assert loaded <= MOST_KB
