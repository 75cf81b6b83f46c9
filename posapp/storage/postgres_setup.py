"""Makes a shop's database on a server, and the role of its stations, which owns nothing but its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posapp.domain.errors import RefusedError
from posapp.storage.postgres_errors import server_error
from posapp.storage.postgres_session import connect, psycopg
from posapp.storage.server import Server

_SCHEMA = "posapp"


def make_database(admin: Server, wanted: Server) -> list[str]:
    """Make the role and the database that `wanted` names, as the administrator; return what was done.

    What is there already stays; the role's rights are made anew. Raises StorageError when the server refuses.
    """
    parameters = wanted.parameters()
    name, user = parameters["dbname"], parameters.get("user", "")
    if not user:
        raise RefusedError(
            "The address of the database names no user.",
            remedy="Write it as postgresql://USER@HOST/DATABASE.",
        )
    done: list[str] = []
    try:
        with connect(admin.parameters(), "posapp") as server:
            _make_role(server, user, wanted.password, done)
            _make_place(server, name, user, done)
        inside = {**admin.parameters(), "dbname": name}
        with connect(inside, "posapp") as server:
            _give_rights(server, name, user, done)
    except psycopg.Error as error:
        raise server_error(error) from error
    return done


def _make_role(server: psycopg.Connection[Any], user: str, password: str, done: list[str]) -> None:
    rights = psycopg.sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    known = server.execute(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = %s", (user,)
    ).fetchone()
    if known is not None and known[0]:
        raise RefusedError(
            f"{user} may do more on this server than a station needs.",
            "Whoever reads a station's settings could use that.",
            "Name a user of its own in [database] url, such as posapp: it is made here.",
        )
    verb = "ALTER" if known is not None else "CREATE"
    words = [psycopg.sql.SQL(f"{verb} ROLE"), psycopg.sql.Identifier(user), rights]
    if password:
        # Hashed here: the server's log may hold the statement.
        kept = server.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256")
        words += [psycopg.sql.SQL("PASSWORD"), psycopg.sql.Literal(kept.decode())]
    server.execute(psycopg.sql.SQL(" ").join(words))
    done.append(f"The role {user} {'is there' if known else 'was made'}; it may sign in, and nothing else.")


def _make_place(server: psycopg.Connection[Any], name: str, user: str, done: list[str]) -> None:
    database, role = psycopg.sql.Identifier(name), psycopg.sql.Identifier(user)
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
        server.execute(
            psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(database)
        )
        done.append(f"The database {name} was made.")
    server.execute(psycopg.sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    server.execute(psycopg.sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))


def _give_rights(server: psycopg.Connection[Any], name: str, user: str, done: list[str]) -> None:
    database, role = psycopg.sql.Identifier(name), psycopg.sql.Identifier(user)
    schema = psycopg.sql.Identifier(_SCHEMA)
    if server.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone():
        server.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    for words in (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {role}",
        "ALTER ROLE {role} IN DATABASE {database} SET search_path = {schema}, public",
    ):
        server.execute(psycopg.sql.SQL(words).format(role=role, schema=schema, database=database))
    done.append(f"{user} owns its own tables in {name}, and reaches nothing else there.")


def admin_of(url: str, wanted: Server, environ: Mapping[str, str]) -> Server:
    """Return how the administrator reaches the server; without an address, as the user postgres."""
    password = environ.get("POSAPP_DATABASE_ADMIN_PASSWORD", "")
    if url:
        return Server(url, password)
    parts = wanted.parameters()
    host = parts.get("host", "")
    if host and not host.startswith("/"):
        place = f"{host}:{parts['port']}" if "port" in parts else host
        return Server(f"postgresql://postgres@{place}/postgres", password)
    where = f"?host={host}" if host else ""
    return Server(f"postgresql://postgres@/postgres{where}", password)
