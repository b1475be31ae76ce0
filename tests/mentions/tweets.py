"""Tweets of 2011 on phones and search engines, whose tone toward a brand a crowd has said."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from brandhound.mentions.tone import ToneInput
from brandhound.mentions.tone_training import Labels


def brand_tweets(file: Path, most: int = 1500) -> tuple[list[ToneInput], Labels]:
    """Those that name their target literally, with 0 for negative, 1 for neutral and 2 for positive."""
    names = {"negative": 0, "none": 1, "positive": 2}
    items: list[ToneInput] = []
    wanted: list[int] = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            brand = next(
                (b for b in (row["target"], "iPhone", "iPad", "Google", "Apple") if b and b in row["text"]), None
            )
            if brand is None or row["label"] not in names:
                continue
            at = row["text"].index(brand)
            items.append(ToneInput(row["text"], at, at + len(brand), "en"))
            wanted.append(names[row["label"]])
    return items[:most], np.array(wanted[:most])
