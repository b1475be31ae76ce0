"""The doctor says what is missing before ad accounts can be connected, and warns of a token that too many may use."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from brandhound.app.checks.meta import check_meta_application, check_meta_system_user

Set = Callable[..., None]
WHOLE = {"META_APP_ID": "12", "META_APP_SECRET": "hidden-9b1"}


@pytest.mark.parametrize(
    ("given", "verdict", "words"),
    [
        ({}, "good", "no application"),
        ({"META_APP_ID": "12"}, "bad", "BRANDHOUND_META_APP_SECRET is missing"),
        ({"META_APP_SECRET": "hidden-9b1"}, "bad", "BRANDHOUND_META_APP_ID is missing"),
        (WHOLE, "warning", "letter by letter"),
        (WHOLE | {"PUBLIC_URL": "http://brands.example"}, "warning", "sends nobody back"),
        (WHOLE | {"PUBLIC_URL": "https://brands.example", "ZERO_EGRESS": "true"}, "warning", "asks nobody outside"),
        (WHOLE | {"PUBLIC_URL": "https://brands.example"}, "good", "application 12"),
        (WHOLE | {"PUBLIC_URL": "http://localhost:8321"}, "good", "application 12"),
    ],
)
def test_the_application_at_meta(set_to: Set, given: dict[str, str], verdict: str, words: str) -> None:
    set_to(**given)
    finding = check_meta_application()
    assert (finding.verdict, words in finding.found) == (verdict, True), finding
    assert "hidden-9b1" not in str(finding)
    assert finding.what_to_do or verdict == "good"


@pytest.mark.parametrize(
    ("token", "organizations", "verdict"),
    [("", 0, "good"), ("EAAx", 0, "warning"), ("", 1, "warning"), ("EAAx", 1, "good"), ("EAAx", 2, "warning")],
)
def test_the_system_user_is_lent_on_purpose(set_to: Set, token: str, organizations: int, verdict: str) -> None:
    lent_to = ",".join(str(uuid4()) for _ in range(organizations))
    set_to(META_SYSTEM_USER_TOKEN=token, META_SYSTEM_USER_ORGANIZATIONS=lent_to)
    assert check_meta_system_user().verdict == verdict
