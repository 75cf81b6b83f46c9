"""`posapp database init`, `copy` and `reopen`: where the shop's data are."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from posapp.cli.session import Session
from posapp.domain.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from posapp.storage.server import Server

_LONGEST_PASSWORD = 1_000
_PLACES = {"keyring": "keyring", "file": "encrypted file of secrets"}


def run(session: Session) -> int:
    """Run the action."""
    if session.options.action == "init":
        return _init(session)
    if session.options.action == "compact":
        from posapp.cli import compacting

        return compacting.run(session)
    from posapp.cli import moving

    return moving.reopen(session) if session.options.action == "reopen" else moving.copy(session)


def _init(session: Session) -> int:
    """Make the role, the database and its tables."""
    server = _wanted(session)
    if server is None:
        raise RefusedError(
            "The settings name no database server.",
            "The data are in posapp.db, in the data directory.",
            'Name one: posapp database init --url postgresql://posapp@HOST/posapp, or write url = "…" under '
            "[database] in posapp.toml.",
        )
    from posapp.storage.database import open_store
    from posapp.storage.postgres_setup import admin_of, make_database

    if session.options.password_stdin:
        server = replace(server, password=_given_password())
    done = make_database(admin_of(session.options.admin, server, os.environ), server)
    if session.options.password_stdin:
        from posapp.storage.server import keep_password

        done.append(
            f"The password is kept in this computer's {_PLACES[keep_password(server.url, server.password)]}."
        )
    store = open_store(session.data_dir, server=server)
    session.use(store)
    done.append(f"Its tables are those of this posapp (schema {store.dialect.schema_version()}).")
    return session.out.finish({"done": done}, "\n".join(done))


def _given_password() -> str:
    line = "" if sys.stdin is None or sys.stdin.closed else sys.stdin.readline(_LONGEST_PASSWORD)
    password = line.rstrip("\r\n")
    if not password:
        raise UsageError("There is no password on standard input.", remedy="Give it there, as one line.")
    return password


def _wanted(session: Session) -> Server | None:
    """Return the server that is named here or, without that, in the settings."""
    url = session.options.url
    if not url:
        return session.server
    from posapp.storage.server import check_url, server_at

    try:
        check_url(url)
    except ValueError as error:
        raise UsageError(
            "This address cannot be used.", f"{error}.", "posapp database init --help"
        ) from error
    return server_at(url, os.environ)
