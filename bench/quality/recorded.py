"""Recorded answers, kept without the texts they quote: `python -m bench.quality.recorded QUESTIONS ANSWERS FOLDER`.

A recording is a line {id, answer}. What an answer copies out of its question may stand there in words, or as the place where it
is found: [start, length] in the question as it went over the wire, without the marks around strangers' texts. From QUESTIONS
(the folder that `bench.quality.with_model --export` wrote) and ANSWERS in words this writes FOLDER with places only, a file a
part. An answer that copies what does not stand in its question is kept as [-1, 0], and said as words that stand nowhere.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from brandhound.twins.models import Asked, without_marks

RECORDINGS = Path(__file__).parent / "recordings"
STANDS_NOWHERE = "�" * 3
_QUOTED = ("identity_quotes", "tone_quotes")


def read_recordings(place: Path) -> dict[str, Any]:
    """The answers by the identifiers of their questions. Two that differ for one question are an error."""
    found: dict[str, Any] = {}
    for file, row in _rows(place):
        if found.setdefault(row["id"], row["answer"]) != row["answer"]:
            raise SystemExit(f"{file}: another answer to {row['id']} was recorded, too")
    return found


def in_words(answer: Any, asked: Asked) -> Any:
    """The answer with words of its question where it has places."""
    question = without_marks(asked.text)

    def words(kept: Any, _: str) -> Any:
        if isinstance(kept, str):
            return kept
        start, length = kept
        return STANDS_NOWHERE if start < 0 else question[start : start + length]

    return _with_copied(answer, words)


def in_places(answer: Any, question: str) -> Any:
    """The answer with places of its question, which is without marks, where it has words."""
    begins = {found[1]: found.end() for found in re.finditer(r"<data name='(\w+)'>\n", question)}

    def place(words: str, source: str) -> list[int]:
        start = question.find(words, begins[source]) if source in begins else -1
        return [start, len(words)] if start >= 0 else [-1, 0]

    return _with_copied(answer, place)


def _with_copied(answer: Any, changed: Callable[[Any, str], Any]) -> Any:
    """The answer with what it copies changed; that is told with the source it is said to stand in, or the first."""
    if "names" in answer:
        return {"names": [{**one, "name": changed(one["name"], one["sentence"])} for one in answer["names"]]}
    return {**answer, **{key: [changed(words, "title") for words in answer[key]] for key in _QUOTED}}


def _rows(place: Path) -> Iterator[tuple[Path, Any]]:
    for file in sorted(place.glob("*.jsonl")) if place.is_dir() else [place]:
        yield from ((file, json.loads(line)) for line in file.read_text("utf-8").splitlines())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("questions", "answers", "folder"):
        options.add_argument(name, type=Path)
    chosen = options.parse_args()
    answers = read_recordings(chosen.answers)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for part in sorted(chosen.questions.glob("*.jsonl")):
        lines: list[str] = []
        for _, row in _rows(part):
            kept = {"id": row["id"], "answer": in_places(answers[row["id"]], without_marks(row["user"]))}
            lines.append(json.dumps(kept, separators=(",", ":")) + "\n")
        (chosen.folder / part.name).write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
