"""Addresses of pages under one spelling: `%c3%a9` and `%C3%A9`, `%7E` and `~` are the same."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0052_page_keys"
down_revision = "0051_incidents_of_brands"
branch_labels = None
depends_on = None

BATCH = 5000
ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
PATH = re.compile(r"[^?#]*")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
OTHERWISE = r"%([0-9A-F][a-f]|[a-f][0-9A-Fa-f]|2[DdEe]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])"


def upgrade() -> None:
    """Pages keep their rows; where two were one page, both stay, and what comes finds the one that is spelt right."""
    connection = op.get_bind()
    read = sa.text(
        "select id, url_key from articles where url_key ~ :otherwise and id > :after order by id limit :batch"
    )
    write = sa.text(
        "update articles set url_key = :key where id = :id and not exists (select from articles where url_key = :key)"
    )
    after = "00000000-0000-0000-0000-000000000000"
    while rows := list(connection.execute(read, {"otherwise": OTHERWISE, "after": after, "batch": BATCH})):
        changed = ({"id": row.id, "key": spelt_alike(row.url_key)} for row in rows)
        # One by one within the batch, so that two spellings of one page meet.
        for row in changed:
            connection.execute(write, row)
        after = str(rows[-1].id)


def spelt_alike(key: str) -> str:
    """A page's key as brandhound/feeds/links.py makes it since this revision."""
    path = PATH.match(key)
    end = path.end() if path else 0
    return ENCODED.sub(_as_written, key[:end]) + key[end:]


def _as_written(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in UNRESERVED else found.group().upper()


def downgrade() -> None:
    """Nothing: a page that is named again under another spelling gets a second row, as before."""
