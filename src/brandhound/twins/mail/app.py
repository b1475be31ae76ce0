"""The receiver of webhooks, and a page that lists what was caught."""

import asyncio
from html import escape

from brandhound.twins.mail.keeping import Hook, Kept
from brandhound.twins.news.asgi import HTML, Receive, Scope, Send, read_body, reply_json, typed

_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Caught</title><style>'
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{background:#f4f4f6;padding:.8rem;overflow-x:auto;white-space:pre-wrap}summary{cursor:pointer;padding:.3rem 0}"
    "</style></head><body><main>"
)


class CatchingApp:
    """`/` shows mails and webhooks, `POST /hooks/NAME` takes a webhook, `/caught.json` is for programs."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if scope["method"] == "POST":
            await self._take(path.removeprefix("/hooks").strip("/"), scope, receive, send)
        elif path == "/":
            await _answer(send, 200, self._page().encode(), HTML)
        elif path == "/caught.json":
            mails = [{"to": mail.recipients, "subject": mail.subject, "text": mail.text} for mail in self.kept.mails]
            hooks = [{"name": hook.name, "body": hook.body.decode("utf-8", "replace")} for hook in self.kept.hooks]
            await reply_json(send, 200, {"mails": mails, "hooks": hooks})
        else:
            await reply_json(send, 404, {"title": "There is nothing here"})

    async def _take(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        reply = self.kept.reply(name)
        self.kept.hooks.append(Hook(name, headers, body, reply.status))
        if reply.stall:
            await asyncio.sleep(3600)
        await _answer(send, reply.status, reply.body, "text/plain", dict(reply.headers))

    def _page(self) -> str:
        parts = [_HEAD, f"<h1>Caught</h1><h2>{len(self.kept.mails)} mails</h2>"]
        for mail in reversed(self.kept.mails):
            to = escape(", ".join(mail.recipients))
            parts.append(
                f"<details><summary>{mail.at:%H:%M:%S} to {to}: <b>{escape(mail.subject)}</b></summary>"
                f"<pre>{escape(mail.text)}</pre></details>"
            )
        parts.append(f"<h2>{len(self.kept.hooks)} webhooks</h2>")
        for hook in reversed(self.kept.hooks):
            shown = hook.body.decode("utf-8", "replace")
            signed = "\n".join(
                f"{name}: {value}" for name, value in hook.headers.items() if name.startswith("brandhound-")
            )
            parts.append(
                f"<details><summary>{hook.at:%H:%M:%S} {escape(hook.name)}, answered {hook.status}</summary>"
                f"<pre>{escape(signed)}\n\n{escape(shown)}</pre></details>"
            )
        return "".join([*parts, "</main></body></html>"])


async def _answer(send: Send, status: int, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
    headers = [*typed(kind), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in (more or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
