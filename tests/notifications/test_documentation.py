"""What the documentation shows works."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.jobs.inline import run_until_idle
from brandhound.twins.mail import MailTwin
from tests.notifications.conftest import add_hook, tell

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).parents[2] / "docs/reference/webhooks.md"


async def test_the_code_that_checks_a_signature_accepts_ours_and_nothing_else(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    shown = re.search(r"```python\n(.+?)```", PAGE.read_text(), re.DOTALL)
    assert shown
    defined: dict[str, Any] = {}
    exec(shown.group(1), defined)
    is_ours = defined["is_from_brandhound"]
    channel = await add_hook(client, twin.hook("ours"))
    await tell(organization_id)
    await run_until_idle(organization_id)
    (hook,) = twin.kept.hooks
    headers = dict(hook.headers)
    assert is_ours(channel["secret"], headers, hook.body)
    assert not is_ours(channel["secret"], headers, hook.body.replace(b"silent", b"loud"))
    assert not is_ours("whsec_another", headers, hook.body)
    old = str(int(headers["brandhound-timestamp"]) - 301)
    assert not is_ours(channel["secret"], headers | {"brandhound-timestamp": old}, hook.body)
