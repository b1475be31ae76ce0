"""The wall between organizations, as migrations put it up."""

from alembic import op
from sqlalchemy import text

from brandhound.core.addresses import APP_ROLE, SYSTEM_ROLE

# In the (select …) form the setting is read once a statement, not once a row. Unset, or left over empty from an earlier
# transaction, it is an error: never no rows by accident, and never all of them.
MINE = "organization_id = (select current_setting('app.organization_id')::uuid)"


def secure(table: str, *, system: bool = False, app: str = "select, insert, update, delete") -> None:
    """Force row-level security on a table with `organization_id`, and let the app role work inside it.

    `system=True` lets the role that runs jobs and sign-in see every organization's rows of this table.
    """
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy tenant on {table} for all to {APP_ROLE} using ({MINE}) with check ({MINE})")
    # The owner migrates and backs up; forced row-level security binds it too, so that it needs a policy of its own.
    op.execute(f"create policy owner on {table} for all to {_owner()} using (true) with check (true)")
    op.execute(f"grant {app} on {table} to {APP_ROLE}")
    if system:
        op.execute(f"create policy system on {table} for all to {SYSTEM_ROLE} using (true) with check (true)")
        op.execute(f"grant select, insert, update, delete on {table} to {SYSTEM_ROLE}")


def open_table(table: str) -> None:
    """Let both roles work with a table that holds nothing of any organization."""
    op.execute(f"grant select, insert, update, delete on {table} to {APP_ROLE}, {SYSTEM_ROLE}")


def system_table(table: str) -> None:
    """Let only the role that runs jobs and sign-in work with a table (users, sessions)."""
    op.execute(f"grant select, insert, update, delete on {table} to {SYSTEM_ROLE}")


def grant_sequence(sequence: str) -> None:
    """Let both roles take numbers from a sequence."""
    op.execute(f"grant usage, select on sequence {sequence} to {APP_ROLE}, {SYSTEM_ROLE}")


def _owner() -> str:
    name = op.get_bind().execute(text("select quote_ident(current_user)")).scalar_one()
    return str(name)
