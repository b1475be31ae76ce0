"""Carries calls of one token to Meta and back, with the proof that they come from our application."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from brandhound.ads.meta.asking import Method, Said
from brandhound.ads.meta.calling import Application, proof_of
from brandhound.core.http.client import fetcher

SECONDS = 120.0
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class TokenWire:
    """A wire for one token. Its limits are kept by the governor of the application, not by the host's turn."""

    application: Application
    token: str = field(repr=False)

    async def carry(self, method: Method, path: str, params: Mapping[str, str]) -> Said:
        """Send it and bring the answer, whatever it says. Raises FetchFailed."""
        app = self.application
        sent = urlencode({**params, "access_token": self.token, "appsecret_proof": proof_of(app, self.token)})
        address = f"{app.graph_url}/{app.version}/{path}" if path else f"{app.graph_url}/"
        if method == "POST":
            headers = {"content-type": "application/x-www-form-urlencoded"}
            answer = await fetcher().ask(address, sent.encode(), headers, seconds=SECONDS, max_bytes=LARGEST)
        else:
            url = f"{address}?{sent}"
            answer = await fetcher().ask(url, b"", method=method, seconds=SECONDS, max_bytes=LARGEST)
        return Said(answer.status, answer.headers, answer.body)
