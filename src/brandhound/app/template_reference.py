"""The generated page on templates of reports: every block with what can be chosen about it, and every variable."""

from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from brandhound.reports.blocks import MOST_BLOCKS, STANDARD, Block
from brandhound.reports.placeholders import LONGEST_VALUE, MOST_VARIABLES, VARIABLES


def template_page() -> str:
    """The page."""
    standard = ", ".join(f"`{block.kind}`" for block in STANDARD)
    lines = [
        "# Templates of reports",
        "",
        f"A template is a list of at most {MOST_BLOCKS} blocks; each is a JSON object with its `kind`. The title stands",
        "first, and a summary stands once at most. What is left out has the default.",
        "",
        f"The standard template: {standard}.",
        "",
        "## Blocks",
    ]
    kinds: tuple[type[BaseModel], ...] = get_args(get_args(Block)[0])
    for kind in kinds:
        fields = kind.model_fields
        lines += ["", f"### {fields['kind'].default}", "", (kind.__doc__ or "").strip(), ""]
        rows = [_row(name, field) for name, field in fields.items() if name != "kind"]
        lines += ["| | default | |", "|---|---|---|", *rows] if rows else ["Nothing can be chosen about it."]
    lines += [
        "",
        "## Variables",
        "",
        "Titles, headings and texts may name variables: `{{ brand }} in {{ range }}`. There are no loops, no conditions and no",
        f"functions; a text that holds `{{%` is refused. One text names at most {MOST_VARIABLES} variables, and what each stands",
        f"for is cut at {LONGEST_VALUE} characters. It is put in as it is: a brand called `{{{{ brand }}}}` stays so.",
        "",
        "| variable | |",
        "|---|---|",
        *(f"| `{variable.name}` | {variable.about} |" for variable in VARIABLES),
    ]
    return "\n".join(lines)


def _row(name: str, field: FieldInfo) -> str:
    default = field.default
    if default is PydanticUndefined or default in ("", ()):
        shown = "empty"
    elif isinstance(default, tuple):
        shown = ", ".join(map(str, default))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    else:
        shown = str(default).lower() if isinstance(default, bool) else str(default)
    limits = [
        words.format(getattr(limit, key))
        for limit in field.metadata
        for key, words in (("ge", "from {}"), ("le", "to {}"), ("max_length", "at most {}"))
        if getattr(limit, key, None) is not None
    ]
    about = "; ".join(part for part in (field.description or "", " ".join(limits)) if part)
    return f"| `{name}` | {shown} | {about} |"
