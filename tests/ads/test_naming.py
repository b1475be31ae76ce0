"""Names that say what an ad is: which follow a pattern, why others do not, and what to try."""

import pytest

from brandhound.ads.standings.naming import read_name, read_pattern, suggested_name

PATTERN = read_pattern("{product}_{angle}_{format}_{date}")


@pytest.mark.parametrize(
    ("name", "reason", "suggestion"),
    [
        ("", "it has no name", None),
        ("   ", "it has no name", None),
        ("😀", "“_” is missing after {product}", None),
        ("x" * 300, "“_” is missing after {product}", None),
        ("a__c_d", "{angle} is empty", None),
        ("TAL-claim-VIDEO-20261014", "“_” is missing after {product}", "TAL_claim_VIDEO_20261014"),
        # A date is one piece, however it is written, and what stands between words is no separator where another one is.
        ("TAL-claim-VIDEO-2026-10-14", "“_” is missing after {product}", "TAL_claim_VIDEO_2026-10-14"),
        ("TAL | claim | VIDEO | 14.10.2026", "“_” is missing after {product}", "TAL_claim_VIDEO_14.10.2026"),
        (
            "TAL - two-for-one - VIDEO - 2026/10/14",
            "“_” is missing after {product}",
            "TAL_two-for-one_VIDEO_2026/10/14",
        ),
        ("TAL claim VIDEO 2026-10-14", "“_” is missing after {product}", "TAL_claim_VIDEO_2026-10-14"),
        # What Meta adds to a duplicate is no part of the date.
        ("TAL_claim_VIDEO_2026-10-14 - Copy", "it still ends with “- Copy”", "TAL_claim_VIDEO_2026-10-14"),
        ("TAL-claim-VIDEO-2026-10-14 - Copy 2", "it still ends with “- Copy 2”", "TAL_claim_VIDEO_2026-10-14"),
        ("TAL_claim_VIDEO_1 – Kopie – Kopie", "it still ends with “– Kopie – Kopie”", "TAL_claim_VIDEO_1"),
    ],
)
def test_a_name_that_does_not_follow_says_why_and_what_to_try(name: str, reason: str, suggestion: str | None) -> None:
    assert read_name(PATTERN, name) == reason
    assert suggested_name(PATTERN, name) == suggestion


def test_a_word_that_only_begins_like_a_copy_is_a_word() -> None:
    assert read_name(PATTERN, "TAL_claim_VIDEO_new - copywriting") == {
        "product": "TAL", "angle": "claim", "format": "VIDEO", "date": "new - copywriting",
    }  # fmt: skip
