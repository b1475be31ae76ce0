"""Running the web server."""

import uvicorn

from brandhound.app.database import ensure_database
from brandhound.app.logging import log_to_stdout
from brandhound.app.supervising import end_with
from brandhound.core.settings import settings


def serve(*, supervisor: int = 0, reload: bool = False) -> None:
    """Serve until told to stop. With a supervisor's process number, end when that process does."""
    end_with(supervisor)
    ensure_database()
    log_to_stdout()
    uvicorn.run(
        "brandhound.app.web:create_app",
        factory=True,
        host=settings().host,
        port=settings().port,
        reload=reload,
        reload_dirs=["src"] if reload else None,
        access_log=False,
        log_config=None,
        proxy_headers=False,
        ws="websockets-sansio",
        # A tab's stream never ends by itself, and must not keep the process from stopping.
        timeout_graceful_shutdown=2,
    )
