"""Make the small dictionary that ships in brands/dictionary from WordNet 3.0's files, as Debian's `wordnet-base` has them.

python bench/build_dictionary.py --wordnet /usr/share/wordnet

Kept are words that a name may be mistaken for: such as were met in the texts whose senses WordNet's authors counted, or stand
in brands/words, and the British spellings of such (“harbour”; the counted texts are American). Of each its senses (what kind,
how often counted, gloss, examples, longer names of the same thing), and longer names that hold it. The same files give the
same bytes.
"""

import argparse
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from brandhound.brands.words import commonness, is_given_name, is_place

HERE = Path(__file__).parents[1] / "src/brandhound/brands/dictionary"
KINDS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_NUMBERS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
"""Kinds as sense keys number them; 5 are adjectives that belong to another."""
BLOCK = 1 << 16
_EXAMPLE = re.compile(r'"([^"]+)"')
_QUOTED = re.compile(r'\s*;?\s*"[^"]*"?(?:\s*--?\s?[A-Z][^;]*)?')
"""An example with who wrote it."""
_SPELLINGS = (
    "our>or re$>er c(?=es?$|ed$)>s ogue>og [ao]e>e ll>l ou>o is>iz yse>yze ph>f ey$>ay mme>m ough>ow ^ty>ti ^ker>cur ium>um "
    "llery>lry que>ck ^mou>mu xion>ction"
)
_BRITISH = [(re.compile(old), new) for old, new in (one.split(">") for one in _SPELLINGS.split())]
"""How words are written in Britain and in America. It counts only between words of one meaning."""
_MARK = re.compile(r"\((?:a|p|ip)\)$")


@dataclass(frozen=True)
class Synset:
    """Words of one meaning, and what they mean."""

    words: tuple[str, ...]
    gloss: str
    examples: tuple[str, ...]


def synset_at(file: Path, offset: int) -> Synset:
    """One line of data.*: offset, lexicographer's file, kind, count (hexadecimal) of words, words with numbers, …, gloss."""
    with file.open("rb") as opened:
        opened.seek(offset)
        head, _, gloss = opened.readline().decode("utf-8").partition(" | ")
    fields = head.split()
    words = tuple(_MARK.sub("", fields[4 + 2 * at]).replace("_", " ") for at in range(int(fields[3], 16)))
    said = _QUOTED.sub("", gloss).strip().rstrip(";").strip()
    return Synset(words, said, tuple(_EXAMPLE.findall(gloss)))


def index_of(file: Path) -> dict[str, list[int]]:
    """Lemmas with the offsets of their synsets, the commonest first."""
    found: dict[str, list[int]] = {}
    for line in file.read_text("utf-8").splitlines():
        if not line.startswith("  "):
            fields = line.split()
            found[fields[0]] = [int(one) for one in fields[-int(fields[2]) :]]
    return found


def uses_of(file: Path) -> dict[tuple[str, str, int], int]:
    """How often each sense was counted, by lemma, kind and number."""
    found: dict[tuple[str, str, int], int] = {}
    for line in file.read_text("utf-8").splitlines():
        key, number, count = line.split()
        lemma, _, rest = key.partition("%")
        found[lemma, _NUMBERS[rest[0]], int(number)] = int(count)
    return found


def main() -> None:
    """Read, choose, write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    folder: Path = arguments.parse_args().wordnet
    indexes = {kind: index_of(folder / f"index.{kind}") for kind in KINDS}
    uses = uses_of(folder / "cntlist.rev")
    counted: defaultdict[str, int] = defaultdict(int)
    for (lemma, _, _), count in uses.items():
        counted[lemma] += count
    every = sorted({lemma for index in indexes.values() for lemma in index})
    chosen = {one for one in every if one.isalpha() and (counted[one] or is_listed(one))}
    chosen |= {one for one in every if one.isalpha() and one not in chosen and is_british(one, chosen, folder, indexes)}
    kept = sorted(chosen)
    longer: defaultdict[str, list[str]] = defaultdict(list)
    for lemma in every:
        if "_" in lemma:
            kind = next(kind for kind in KINDS if lemma in indexes[kind])
            words = synset_at(folder / f"data.{kind}", indexes[kind][lemma][0]).words
            spaced = lemma.replace("_", " ")
            name = next((word for word in words if word.lower() == spaced), spaced)
            for word in sorted(set(lemma.split("_"))):
                longer[word].append(name)
    lines = [line_of(lemma, folder, indexes, uses, longer[lemma]) for lemma in kept]
    write(kept, lines)


def is_british(lemma: str, chosen: Set[str], folder: Path, indexes: dict[str, dict[str, list[int]]]) -> bool:
    """Whether it is another spelling of a word that is kept and has a meaning in common with it."""
    spelled = {pattern.sub(new, lemma, count=1) for pattern, new in _BRITISH} & chosen
    return bool(spelled) and any(
        word.lower() in spelled
        for kind, index in indexes.items()
        for offset in index.get(lemma, ())
        for word in synset_at(folder / f"data.{kind}", offset).words
    )


def is_listed(word: str) -> bool:
    return commonness(word) > 0 or is_given_name(word) or is_place(word)


def line_of(
    lemma: str,
    folder: Path,
    indexes: dict[str, dict[str, list[int]]],
    uses: dict[tuple[str, str, int], int],
    longer: list[str],
) -> str:
    """[lemma, [[key, uses, gloss, examples, longer names of the same thing], …], other longer names], commonest sense first."""
    senses: list[tuple[str, int, str, tuple[str, ...], list[str]]] = []
    for kind, letter in KINDS.items():
        for number, offset in enumerate(indexes[kind].get(lemma, ()), 1):
            found = synset_at(folder / f"data.{kind}", offset)
            same = [word for word in found.words if " " in word and lemma in word.lower().split()]
            count = uses.get((lemma, letter, number), 0)
            senses.append((f"{letter}{number}", count, found.gloss, found.examples, same))
    senses.sort(key=lambda sense: -sense[1])
    same_names = {name for sense in senses for name in sense[4]}
    others = [name for name in longer if name not in same_names]
    return json.dumps([lemma, senses, others], ensure_ascii=False, separators=(",", ":"))


def write(lemmas: list[str], lines: list[str]) -> None:
    """Blocks of lines, each packed by itself, then an index [first lemma, offset, length], then where that begins (8 bytes)."""
    packed = bytearray()
    index: list[tuple[str, int, int]] = []
    block: list[str] = []
    first, size = "", 0
    for lemma, line in [*zip(lemmas, lines, strict=True), ("", "")]:
        if block and (size > BLOCK or not lemma):
            data = zlib.compress("\n".join(block).encode(), 9)
            index.append((first, len(packed), len(data)))
            packed += data
            block, size = [], 0
        first = first if block else lemma
        block.append(line)
        size += len(line)
    start = len(packed)
    packed += zlib.compress(json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    packed += start.to_bytes(8, "big")
    (HERE / "wordnet.bin").write_bytes(bytes(packed))
    print(len(lemmas), "words in", len(index), "blocks,", len(packed), "bytes")


if __name__ == "__main__":
    main()
