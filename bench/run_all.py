"""Every benchmark, one after the other, each in a process of its own; their JSON in a folder. Some hours.

    python -m bench.run_all FOLDER [--only cold_run warm_poll …] [--spacy FOLDER]

Without `--only` all of them. What RESULTS.md says is taken from these files.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("BRANDHOUND_TEST_DATA") or ROOT.parent / "shared/data")
BENCHES: dict[str, list[str]] = {
    "feeds": ["--data", str(DATA)],
    "articles": ["--data", str(DATA)],
    "matching": ["--data", str(DATA)],
    "matching_confidence": ["--data", str(DATA)],
    "cold_run": ["--data", str(DATA)],
    "warm_poll": ["--data", str(DATA)],
    "jobs": [],
    "chaos": [],
    "schedules": [],
    "retention": [],
    "fairness": [],
    "streams": [],
    "logs": [],
    "screens": [],
    "reports": [],
    "ui_load": [],
    "ads_screen": [],
    "ads_sync": [],
    "ads_upsert": [],
} | {
    f"quality.{judgement}": ["--data", str(DATA), *more]
    for judgement, more in (
        ("disambiguation", []),
        ("listed_spans", []),
        ("pairs", []),
        ("discovery", []),
        ("categories", []),
        ("tone", []),
        ("tone_lessons", []),
        ("topics", []),
        ("reprints", []),
        ("spikes", []),
        ("throughput", []),
        ("with_model", ["--recordings", str(ROOT / "bench/quality/recordings")]),
        ("ads_ranking", []),
        ("ads_diagnoses", []),
    )
}
WITH_SPACY = ("matching", "cold_run")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--only", nargs="*", choices=list(BENCHES))
    options.add_argument("--spacy", type=Path, help="a folder in which spaCy is installed")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    for name in chosen.only or BENCHES:
        began, load = time.time(), os.getloadavg()[0]
        arguments = [*BENCHES[name]]
        if chosen.spacy and name in WITH_SPACY:
            arguments += ["--spacy", str(chosen.spacy)]
        command = [sys.executable, "-m", f"bench.{name}", *arguments]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        print(f"{name}: {time.time() - began:.0f} s, code {done.returncode}", file=sys.stderr, flush=True)
        if done.returncode:
            failed.append(name)
            continue
        about = {
            "bench": name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "load_before": load,
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "result": json.loads(done.stdout),
        }
        (chosen.folder / f"{name}.json").write_text(json.dumps(about, indent=1))
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
