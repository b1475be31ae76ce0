"""How Alembic reaches the database: as its owner, in one transaction a migration, never waiting long for a lock."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from brandhound.core.addresses import sqlalchemy_url
from brandhound.core.db import Model


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        context.configure(connection=connection, target_metadata=Model.metadata)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = create_engine(sqlalchemy_url("owner"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '10s'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Model.metadata, transaction_per_migration=True)
        with context.begin_transaction():
            # Two processes that start together migrate one after the other.
            connection.execute(text("select pg_advisory_xact_lock(hashtextextended('brandhound:migrate', 0))"))
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
