"""Spikes in two years of made-up stories with fifty planted incidents, beside a common rule. Prints JSON.

    python -m bench.quality.spikes [--seed 1] [--rounds 6] [--brands 10] [--years 2] [--incidents 50]

How the stories are made up, and what counts as found, is said in `tests/mentions/alerts/planting.py`.
"""

import argparse
import json
import statistics
from dataclasses import asdict
from pathlib import Path

from tests.mentions.alerts.planting import measured


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="as all the others take it; nothing is read there")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int, default=6, help="as many seeds from the first on")
    options.add_argument("--brands", type=int, default=10)
    options.add_argument("--years", type=float, default=2)
    options.add_argument("--incidents", type=int, default=50)
    chosen = options.parse_args()
    boards = [
        measured(seed, chosen.brands, chosen.years, chosen.incidents)
        for seed in range(chosen.seed, chosen.seed + chosen.rounds)
    ]
    print(
        json.dumps(
            {
                "planted": chosen.incidents,
                "found_median": statistics.median(board.found for board in boards),
                "false_alarms_a_month_median": statistics.median(board.false_alarms_a_month for board in boards),
                "rounds": [asdict(board) for board in boards],
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
