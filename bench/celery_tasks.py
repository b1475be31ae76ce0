"""The peer's tasks, for `celery -A bench.celery_tasks worker`: one that does nothing but say when it began."""

import os
import time
from typing import Any, cast

from celery import Celery  # pyright: ignore[reportMissingImports, reportUnknownVariableType]

_ADDRESS = os.environ.get("CELERY_ADDRESS", "redis://127.0.0.1:6379/0")

app = cast("Any", Celery)("bench", broker=_ADDRESS, backend=_ADDRESS)
app.conf.task_acks_late = os.environ.get("CELERY_ACKS_LATE") == "1"
app.conf.broker_connection_retry_on_startup = True


@app.task(name="bench.nothing")
def nothing() -> float:
    """Do nothing."""
    return time.time()
