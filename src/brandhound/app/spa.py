"""Serves the built front end: hashed files for ever, index.html checked each time, page addresses fall back to it."""

from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
CONNECTING, BY_LINK = "ad-accounts/connecting", "link-"
"""Where Meta sends everybody back to, and how the words of clients begin who have no account here: they go on without one."""
IMMUTABLE = "public, max-age=31536000, immutable"


class SinglePageApp(StaticFiles):
    """The front end."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        query = scope.get("query_string", b"").decode("latin-1")
        if path == CONNECTING and parse_qs(query).get("state", [""])[0].startswith(BY_LINK):
            return RedirectResponse(f"/api/connect-ads/meta/answer?{query}", 303, headers={"Cache-Control": "no-store"})
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            # Only a browser going to a page asks for HTML; a wrong API address must stay a 404.
            if (
                error.status_code != 404
                or path.startswith("api/")
                or "text/html" not in Headers(scope=scope).get("accept", "")
            ):
                raise
            response = await super().get_response("index.html", scope)
        response.headers["Cache-Control"] = IMMUTABLE if path.startswith("assets/") else "no-cache"
        return response
