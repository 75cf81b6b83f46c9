"""What a database notes about its place: that it is being copied into, or that its data were moved away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from posapp.domain.errors import StorageError
from posapp.storage.dialect import Params

COPYING, MOVED = "copying", "moved_to"
MARKS = (COPYING, MOVED)
SAYING = "the data were moved to another database"
_READ = f"SELECT key, value FROM meta WHERE key IN ('{COPYING}', '{MOVED}')"  # noqa: S608 - our own words
_PUT = "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
_ACTS = ("INSERT", "UPDATE", "DELETE")
_GUARDS = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%{SAYING}%'"  # noqa: S608
_GUARD = f"CREATE TRIGGER {{}} BEFORE {{}} ON {{}} BEGIN SELECT RAISE(ABORT, '{SAYING}'); END"

Run = Callable[[str, Params], Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """A copy by its id: where it comes from or goes to, and when it began (as text, in UTC)."""

    id: str
    place: str
    at: str


def marks_of(run: Run) -> dict[str, Mark]:
    """Return what a database notes."""
    return {str(key): Mark(**json.loads(value)) for key, value in run(_READ, ()).fetchall()}


def put_mark(run: Run, kind: str, mark: Mark) -> None:
    """Note it, inside whatever transaction there is."""
    run(_PUT, (kind, json.dumps(asdict(mark), ensure_ascii=False)))


def drop_mark(run: Run, kind: str) -> None:
    """Forget it."""
    run("DELETE FROM meta WHERE key = ?", (kind,))


def refuse_marked(run: Run) -> None:
    """Raise StorageError for a database that nobody is to work with."""
    found = marks_of(run)
    if MOVED in found:
        raise moved_error(found[MOVED])
    if COPYING in found:
        raise StorageError(
            "The copy of the data is not finished.",
            f"It comes from {found[COPYING].place} and was begun at {found[COPYING].at} (UTC).",
            "Run the same posapp database copy again: it goes on, or begins anew.",
        )


def moved_error(mark: Mark) -> StorageError:
    """Return the sentences for data that were moved."""
    return StorageError(
        "The data were moved.",
        f"Since {mark.at} (UTC) they are in {mark.place}.",
        f"Write {setting_for(mark.place)} under [database] in posapp.toml. To bring them back: "
        f'posapp database copy --from "{mark.place}" --to here. To go on with the old data here: '
        "posapp database reopen.",
    )


def setting_for(place: str) -> str:
    """Return the line of the settings that names a database."""
    return f'url = "{place if place.startswith("postgres") else ""}"'


# ------------------------------------------------------------------------------------------ keeping it closed


def close_sqlite(run: Run, tables: tuple[str, ...]) -> None:
    """Let every later write fail, also that of a program that had the file open before it was moved."""
    for _, sql in sqlite_guards(tables):
        run(sql, ())


def sqlite_guards(tables: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the triggers of a file whose data were moved, by name."""
    pairs = [(table, act) for table in tables for act in _ACTS]
    return [(_guard(table, act), _GUARD.format(_guard(table, act), act, table)) for table, act in pairs]


def _guard(table: str, act: str) -> str:
    return f"moved_{table}_{act.lower()}"


def open_sqlite(run: Run) -> bool:
    """Forget everything that was noted; tell whether the file was closed."""
    guards = run(_GUARDS, ()).fetchall()
    for (name,) in guards:
        run(f"DROP TRIGGER {name}", ())
    for kind in MARKS:
        drop_mark(run, kind)
    return bool(guards)


# Every commit of a station counts itself there.
POSTGRES_GUARD = (
    "CREATE OR REPLACE FUNCTION posapp_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION USING ERRCODE = 'PS002', MESSAGE = '{SAYING}'; END $$; "
    "CREATE TRIGGER posapp_moved BEFORE UPDATE ON posapp_commits FOR EACH STATEMENT "
    "EXECUTE FUNCTION posapp_moved()"
)
POSTGRES_OPEN = "DROP TRIGGER IF EXISTS posapp_moved ON posapp_commits"
