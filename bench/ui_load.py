"""What the browser loads before the first screen is there: JavaScript of the built UI, gzipped, and Lighthouse's verdict.

    python -m bench.ui_load [--lighthouse FOLDER --url http://localhost:8321/ [--cookie VALUE]] [--rounds 3]

The scripts are counted as the browser asks for them: the entry, what it imports, and the code of the screen with what that
imports. `--lighthouse` is a folder in which `npm install lighthouse` was done; Debian's chromium is used, in its desktop mode.
"""

import argparse
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parents[1] / "src/brandhound/app/static"
ENTRY = re.compile(r'<script type="module"[^>]* src="/assets/([^"]+\.js)"')
IMPORTED = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')
SCREENS = {"sign-in": ("sign-in", "SignIn"), "stories": ("_app-", "_app.stories", "StoriesPage")}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lighthouse", type=Path)
    options.add_argument("--url", default="http://localhost:8321/")
    options.add_argument("--cookie", help="value of brandhound_session, to see what is behind the sign-in")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    result: dict[str, Any] = {"gzip_kb": {name: first_load(marks) for name, marks in SCREENS.items()}}
    if chosen.lighthouse:
        rounds = [lighthouse(chosen.lighthouse, chosen.url, chosen.cookie) for _ in range(chosen.rounds)]
        result["lighthouse"] = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
        result["load"] = os.getloadavg()[0]
    print(json.dumps(result, indent=1))


def first_load(screen: tuple[str, ...]) -> dict[str, float]:
    """Kilobytes (1,000 bytes) of gzipped JavaScript and CSS for a screen, everything that it needs and nothing else."""
    assets = STATIC / "assets"
    entry = ENTRY.search((STATIC / "index.html").read_text())
    assert entry, "the UI is not built"
    waiting = [entry[1], *(path.name for path in assets.glob("*.js") if path.name.startswith(screen))]
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += IMPORTED.findall((assets / name).read_text())
    scripts = sum(len(gzip.compress((assets / name).read_bytes(), 6)) for name in needed)
    styles = sum(len(gzip.compress(path.read_bytes(), 6)) for path in assets.glob("*.css"))
    return {"javascript": round(scripts / 1000, 1), "all_css": round(styles / 1000, 1), "files": len(needed)}


def lighthouse(folder: Path, url: str, cookie: str | None) -> dict[str, float]:
    """The scores (0 to 100) and the largest paint in milliseconds."""
    chromium = shutil.which("chromium") or "chromium"
    command = [
        *(
            "node",
            str(folder / "node_modules/lighthouse/cli/index.js"),
            url,
            "--preset=desktop",
            "--output=json",
            "--quiet",
        ),
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
    ]
    if cookie:
        command.append(f"--extra-headers={json.dumps({'Cookie': f'brandhound_session={cookie}'})}")
    done = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": chromium}, capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout)
    scores = {
        name: round(each["score"] * 100) for name, each in report["categories"].items() if each["score"] is not None
    }
    return {**scores, "largest_paint_ms": round(report["audits"]["largest-contentful-paint"]["numericValue"])}


if __name__ == "__main__":
    main()
