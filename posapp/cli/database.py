"""`posapp database init`: the shop's database on a server."""

from __future__ import annotations

import os

from posapp.cli.session import Session
from posapp.domain.errors import RefusedError


def run(session: Session) -> int:
    """Make the role, the database and its tables."""
    server = session.server
    if server is None:
        raise RefusedError(
            "The settings name no database server.",
            "The data are in posapp.db, in the data directory.",
            'Write url = "postgresql://posapp@HOST/posapp" under [database] in posapp.toml, then try again.',
        )
    from posapp.storage.postgres_setup import admin_of, make_database

    done = make_database(admin_of(session.options.admin, server, os.environ), server)
    version = session.store.dialect.schema_version()
    done.append(f"Its tables are those of this posapp (schema {version}).")
    return session.out.finish({"done": done}, "\n".join(done))
