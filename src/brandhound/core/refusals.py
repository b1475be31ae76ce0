"""What a PostgreSQL server that cannot be reached or used means, and what to do about it."""

from psycopg import ConnectionInfo, Error, OperationalError

OLDEST = 15
"""The oldest major version that the product runs on."""

REFUSED = "password authentication failed"

# A failed connection carries no code, only what libpq and the server say, so that their words are looked at.
_REMEDIES = (
    (REFUSED, "The role or its password in the address is wrong."),
    ("no password supplied", "The address holds no password: postgresql://role:password@host:5432/database."),
    ("no pg_hba.conf entry", "The server lets nobody in from here with that role: see its pg_hba.conf."),
    ("pg_hba.conf rejects", "The server lets nobody in from here with that role: see its pg_hba.conf."),
    ("permission denied for database", "That role may not connect to the database: is it the owner's?"),
    ("Connection refused", "Nothing answers there: is the server running, and are host and port right?"),
    ("resolve host", "There is no such host: is its name spelt right?"),
    ("translate host name", "There is no such host: is its name spelt right?"),
    ("timeout", "The host does not answer in time: is a firewall between?"),
    ("No such file or directory", "There is no socket there: is the server running, and is that its folder?"),
    ("does not exist", "Make it first, or correct the address: `createdb --owner=ROLE DATABASE` makes a database."),
    ("too many", "All connections are taken: raise max_connections, or run fewer processes."),
    ("remaining connection slots", "All connections are taken: raise max_connections, or run fewer processes."),
    ("certificate", "The server's certificate is not accepted: see sslmode and sslrootcert in the address."),
    ("SSL", "Server and address do not agree on encryption: see sslmode in the address."),
)


class CannotUseDatabase(RuntimeError):
    """The server of DATABASE_URL answers and cannot be used; the text says why and what to do."""


def remedy(error: Error) -> str:
    """What to do about a server that could not be reached, in a sentence or two."""
    said = str(error)
    return next(
        (to_do for words, to_do in _REMEDIES if words in said),
        "Is the server of DATABASE_URL running and reachable from here?",
    )


def is_out_of_reach(error: BaseException) -> bool:
    """Whether it means that there was no connection, rather than that a statement was wrong."""
    return isinstance(error, OperationalError) and error.sqlstate is None


def check_version(server: ConnectionInfo) -> None:
    """Raises CannotUseDatabase for a server that is too old."""
    if server.server_version < OLDEST * 10_000:
        version = server.parameter_status("server_version") or str(server.server_version // 10_000)
        raise CannotUseDatabase(
            f"the server of DATABASE_URL is PostgreSQL {version}; {OLDEST} or newer is needed. Leave DATABASE_URL empty, and"
            " brandhound brings its own."
        )
