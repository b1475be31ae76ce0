"""What the product said to anybody, to be searched for secrets."""

import httpx


class Heard:
    """Everything the product said, by where it said it."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def add(self, where: str, what: bytes | str) -> None:
        self.said.append((where, what if isinstance(what, str) else what.decode("utf-8", "replace")))

    async def answer(self, response: httpx.Response) -> None:
        """Remember an answer, headers and all."""
        await response.aread()
        where = f"{response.request.method} {response.request.url.path} {response.status_code}"
        headers = [header for header in response.headers.multi_items() if not renews_session(response, *header)]
        self.add(where, f"{headers}\n{response.text}")

    def leaks(self, secrets: list[str]) -> list[str]:
        """Where which secret was said."""
        return sorted({f"{secret} in {where}" for where, what in self.said for secret in secrets if secret in what})


def renews_session(response: httpx.Response, header: str, value: str) -> bool:
    """Whether it gives a browser for longer the very cookie that it asked with, unseen by scripts: that is no leak."""
    asked = response.request
    cookie, _, attributes = value.partition("; ")
    return (
        (asked.method, asked.url.path, header) == ("GET", "/api/session", "set-cookie")
        and cookie.startswith("brandhound_session=")
        and cookie in asked.headers.get("cookie", "").split("; ")
        and "HttpOnly" in attributes.split("; ")
    )
