"""Rows that are kept as JSON for the day they come back: the table may have gained columns since."""

from sqlalchemy import Column, DefaultClause
from sqlalchemy.dialects.postgresql import dialect

from brandhound.core.db import Model

_POSTGRESQL = dialect()


def row_again(table: str, kept: str) -> str:
    """SQL for a row of a table out of what is kept of it. What it does not tell of, since the column is newer, has its default.

    `kept` is an expression of type jsonb. Names of tables and columns come from the models, and from nowhere else.
    """
    defaults = [
        f"'{column.name}', {_default_of(column, column.server_default)}"
        for column in Model.metadata.tables[table].columns
        if isinstance(column.server_default, DefaultClause)
    ]
    # A function takes a hundred arguments.
    filled = [f"jsonb_build_object({', '.join(defaults[at : at + 40])})" for at in range(0, len(defaults), 40)]
    return f"jsonb_populate_record(null::{table}, {' || '.join([*filled, kept])})"


def _default_of(column: Column[object], default: DefaultClause) -> str:
    """Of the column's own type: what is only a word to the database would be kept as one, also of a list."""
    written = getattr(default.arg, "text", None) or f"'{default.arg}'"
    return f"cast({written} as {column.type.compile(_POSTGRESQL)})"
