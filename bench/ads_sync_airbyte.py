"""airbyte's source-facebook-marketing against the made-up Meta, as a peer of `ads_sync`. It lives in a venv of its own:

    python3.11 -m venv /somewhere && /somewhere/bin/pip install airbyte-source-facebook-marketing

It is run as it comes, but for the address of the Graph API, which its SDK has in a variable. One stream of ads by day with the
same fields; what it writes is counted, and kept nowhere.
"""

import json
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import psutil

LAUNCH = (
    "import sys\n"
    "from facebook_business.session import FacebookSession\n"
    "FacebookSession.GRAPH = sys.argv.pop(1)\n"
    "from source_facebook_marketing.run import run\n"
    "run()\n"
)
LONGEST = 3600.0


def read_with_airbyte(python: Path, told: dict[str, str], since: date, until: date) -> dict[str, Any]:
    """Every row of those days. The time is that of the whole command, as everybody who uses it has it."""
    from brandhound.ads.meta.facts_of_meta import fields

    stream = {
        "name": "Daily",
        "level": "ad",
        "fields": list(fields()["insights"]),
        "breakdowns": [],
        "action_breakdowns": ["action_type"],
        "time_increment": 1,
        "start_date": f"{since}T00:00:00Z",
        "end_date": f"{until}T23:59:59Z",
        "insights_lookback_window": 1,
    }
    config = {
        "account_ids": [told["act"].removeprefix("act_")],
        "credentials": {"auth_type": "Service", "access_token": told["token"]},
        "start_date": f"{since}T00:00:00Z",
        "end_date": f"{until}T23:59:59Z",
        "custom_insights": [stream],
        "fetch_thumbnail_images": False,
    }
    catalog: dict[str, Any] = {
        "streams": [
            {
                "stream": {
                    "name": "custom_daily",
                    "json_schema": {},
                    "supported_sync_modes": ["full_refresh", "incremental"],
                },
                "sync_mode": "full_refresh",
                "destination_sync_mode": "append",
            }
        ]
    }
    with tempfile.TemporaryDirectory(prefix="bh-airbyte-") as name:
        folder = Path(name)
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "catalog.json").write_text(json.dumps(catalog))
        began = time.monotonic()
        process = subprocess.Popen(
            [str(python), "-c", LAUNCH, told["url"], "read", "--config", str(folder / "config.json"), "--catalog",
             str(folder / "catalog.json")],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )  # fmt: skip
        assert process.stdout is not None
        watched, rows, said, cpu = psutil.Process(process.pid), 0, list[str](), 0.0
        for line in process.stdout:
            if b'"type":"RECORD"' in line[:200].replace(b" ", b""):
                rows += 1
                if rows % 1000 == 0:
                    used = watched.cpu_times()
                    cpu = used.user + used.system
            elif b"ERROR" in line[:400] or b"FATAL" in line[:400]:
                said.append(line.decode("utf-8", "replace")[:500])
            if time.monotonic() - began > LONGEST:
                process.kill()
        process.wait()
        seconds = time.monotonic() - began
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "rows_per_second": round(rows / seconds),
        "errors": said[-3:],
    }
