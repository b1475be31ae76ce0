"""Makes `brands/comparing/characters.txt`: Chinese characters that are one, written simplified, in full, or as in Japan.

`python bench/build_characters.py FOLDER`, where FOLDER holds the dictionaries of OpenCC: `TSCharacters.txt` and the variants
of Hong Kong, Japan and Taiwan. Each line is the simplified character and the other ways to write it.
"""

import argparse
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/brandhound/brands/comparing/characters.txt"
VARIANTS = ("HKVariants.txt", "JPVariants.txt", "TWVariants.txt")
LAST = 0x9FFF
"""What comes behind is in hardly any name, nor in most fonts."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    folder: Path = options.parse_args().folder
    simplified = {sign: others[0] for sign, others in told_in(folder / "TSCharacters.txt").items()}
    in_full = {other: sign for name in VARIANTS for sign, others in told_in(folder / name).items() for other in others}
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for sign in {*simplified, *in_full}:
        standard = in_full.get(sign, sign)
        root = simplified.get(standard, standard)
        if root != sign and max(ord(root), ord(sign)) <= LAST:
            ways[root].add(sign)
    OUT.write_text(
        "".join(f"{root}{''.join(sorted(signs))}\n" for root, signs in sorted(ways.items())), encoding="utf-8"
    )
    print(f"{len(ways)} characters with {sum(map(len, ways.values()))} other ways to write them")


def told_in(path: Path) -> dict[str, list[str]]:
    """Single characters, each with those that stand for it."""
    lines = (line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line)
    return {sign: [other for other in others.split(" ") if len(other) == 1] or [sign] for sign, others in lines}


if __name__ == "__main__":
    main()
