"""The command that lets whoever has forgotten their password in again, the only administrator above all."""

import re

import httpx

from tests.commands import brandhound
from tests.databases import TestDatabase
from tests.factories.people import make_person


async def test_the_command_prints_a_link_for_whoever_is_known(
    anonymous: httpx.AsyncClient, connected: TestDatabase
) -> None:
    _, email, _ = await make_person()
    settings = {
        "DATABASE_URL": connected.url,
        "BRANDHOUND_DATA_DIR": str(connected.data_dir),
        "BRANDHOUND_PUBLIC_URL": "https://brand.example",
    }

    done = brandhound("reset-password", email.upper(), **settings)
    unknown = brandhound("reset-password", "nobody@acme.example", **settings)

    link = re.search(r"https://brand\.example/reset/(\S+)$", done.stdout)
    assert (done.returncode, link is not None) == (0, True), done
    assert link
    assert (await anonymous.get(f"/api/password-resets/{link[1]}")).json()["email"] == email
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "Nobody signs in with nobody@acme.example. Administrators of this installation: " in unknown.stderr
