"""What is in a file of pg_dump: checked, and turned into a file of SQLite that every posapp can open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from posapp.domain.errors import StorageError
from posapp.storage import dialect_sqlite
from posapp.storage.backup import BackupReport, Observer, look, verify_file
from posapp.storage.server_tools import is_dump, reading
from posapp.storage.tables import TABLES
from posapp.storage.transfer import AT_ONCE, Part, Rows
from posapp.storage.transfer_sqlite import SqliteTarget

_COPY = re.compile(rb'COPY (?:"?[\w$]+"?\.)?"?(\w+)"? \((.*)\) FROM stdin;\n')
_ESCAPED = re.compile(rb"\\(?:([bfnrtv\\])|x([0-9a-fA-F]{1,2})|([0-7]{1,3}))")
_PLAIN = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v", b"\\": b"\\"}
_REQUIRED = ("orders", "outbox", "events", "meta")
_OWN = frozenset({"order_counts", "order_texts"})  # made anew

Read = Callable[[bytes], Any]


def verify_backup(path: Path, observer: Observer | None = None) -> BackupReport:
    """Check a backup of either kind; never raises for what is in it."""
    return verify_dump(path, observer) if is_dump(path) else verify_file(path, observer)


def verify_dump(path: Path, observer: Observer | None = None) -> BackupReport:
    """Check that every part of a file can be read, and that it is a posapp database; never raises for it."""
    try:
        version = schema_of(path)
        with reading(path, "--list", observer=observer) as listed:
            content = listed.read().decode("utf-8", "replace")
        missing = [name for name in _REQUIRED if not re.search(rf"TABLE DATA \S+ {name} ", content)]
        if missing or not version:
            return BackupReport(path, ok=False, detail="This is not a posapp database.")
        if version > dialect_sqlite.SCHEMA_VERSION:
            return BackupReport(path, ok=False, detail=f"It was made by a newer posapp (schema {version}).")
        with reading(path, observer=observer):
            pass  # all of it
        with reading(path, "--data-only", "--table=orders", observer=observer) as out:
            orders = sum(len(rows) for _, rows in _rows(out, observer, keys_only=True))
    except StorageError as error:
        return BackupReport(path, ok=False, detail=f"{error.title} {error.detail}")
    return BackupReport(path, ok=True, detail=f"{orders} orders; a copy by the server's own pg_dump.")


def schema_of(path: Path) -> int:
    """Return the number of the last migration; 0 for another program's file."""
    with reading(path, "--data-only", "--table=posapp_schema") as out:
        numbers = [int(row[0]) for _, rows in _rows(out, None, keys_only=True) for row in rows]
    return max(numbers, default=0)


def to_sqlite(path: Path, target: Path, observer: Observer | None = None) -> None:
    """Make a file of SQLite of the dump's own schema with all its rows."""
    version = schema_of(path)
    filled = SqliteTarget(target, version)
    known = set(filled.database.get_tables()) - _OWN
    try:
        with reading(path, "--data-only", observer=observer) as out:
            for part, rows in _rows(out, observer):
                if part.table in known:
                    filled.clear(part)
                    filled.fill(part, [rows])
        filled.finish()
    finally:
        filled.close()


def _rows(
    out: IO[bytes], observer: Observer | None, *, keys_only: bool = False
) -> Iterator[tuple[Part, Rows]]:
    """Yield the rows of each table, some thousand at a time."""
    for line in out:
        begun = _COPY.fullmatch(line)
        if begun is None:
            continue
        table = begun[1].decode()
        columns = tuple(name.strip(' "') for name in begun[2].decode().split(","))
        part, reads = Part(table, columns, ()), [_read_as(table, column) for column in columns]
        rows: Rows = []
        for row in out:
            if row == b"\\.\n":
                break
            fields = row[:-1].split(b"\t")
            rows.append(
                (fields[0],)
                if keys_only
                else tuple(read(field) for read, field in zip(reads, fields, strict=True))
            )
            if len(rows) >= AT_ONCE:
                look(observer)
                yield part, rows
                rows = []
        if rows:
            yield part, rows


def _read_as(table: str, column: str) -> Read:
    """Return what turns a field of the file into a value; what is no text is known from the models."""
    for model in TABLES:
        meta = model._meta  # noqa: SLF001 - Peewee's own way to a model's fields
        if meta.table_name == table and column in meta.columns:
            kind = meta.columns[column].field_type
            return {"TEXT": _text, "VARCHAR": _text, "BLOB": _blob}.get(kind, _whole)
    return _text


def _whole(field: bytes) -> Any:
    return None if field == b"\\N" else int(field)


def _text(field: bytes) -> Any:
    if b"\\" not in field:
        return field.decode()
    return None if field == b"\\N" else _ESCAPED.sub(_unescaped, field).decode()


def _blob(field: bytes) -> Any:
    return None if field == b"\\N" else bytes.fromhex(field.decode().removeprefix("\\\\x"))


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return _PLAIN[found[1]]
    return bytes([int(found[2], 16) if found[2] else int(found[3], 8)])
