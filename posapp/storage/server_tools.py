"""The server's own programs, pg_dump and pg_restore: found, run without a word of the password, and read.

What a program needs to connect is in its environment, which only this user and the administrator can read;
its command line, which everybody can, names files only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from posapp.domain.errors import StorageError
from posapp.storage.backup import Observer, look

MAGIC = b"PGDMP"
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_WINDOWS = "PostgreSQL/*/bin"
_NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "dbname": "PGDATABASE",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
_LOOK_S = 0.1
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class Tools:
    """Both programs of one version, as its main number."""

    dump: str
    restore: str
    version: int


@cache
def tools() -> tuple[Tools, ...]:
    """Return what is installed here, the newest first."""
    found: dict[int, Tools] = {}
    for folder in _folders():
        dump, restore = shutil.which("pg_dump", path=folder), shutil.which("pg_restore", path=folder)
        version = _version_of(dump) if dump and restore else 0
        if dump and restore and version:
            found.setdefault(version, Tools(dump, restore, version))
    return tuple(found[version] for version in sorted(found, reverse=True))


def _folders() -> Iterator[str]:
    yield from os.environ.get("PATH", os.defpath).split(os.pathsep)
    for pattern in _FOLDERS:
        yield from map(str, Path("/").glob(pattern.lstrip("/")))
    if sys.platform == "win32":
        yield from map(str, Path(os.environ.get("PROGRAMFILES", "C:/Program Files")).glob(_WINDOWS))


def _version_of(program: str) -> int:
    try:
        command = [program, "--version"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(said.stdout)
    return int(found[1]) if found else 0


def tools_for(server_version: int) -> Tools | None:
    """Return the oldest programs that know a server of this version, None without any."""
    fitting = [each for each in tools() if each.version >= server_version]
    return fitting[-1] if fitting else None


def environment(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a program that connects as this one does."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    kept = {name: os.environ[name] for name in ("PGPASSFILE",) if name in os.environ}
    return {
        **plain,
        **kept,
        **{_NAMES[key]: value for key, value in parameters.items()},
        "PGAPPNAME": "posapp backup",
    }


def dump(
    found: Tools, parameters: Mapping[str, str], schema: str, part: Path, observer: Observer | None = None
) -> None:
    """Write the tables of a schema into a file. Raises StorageError with what pg_dump says."""
    command = [
        found.dump, "--format=custom", f"--schema={schema}", "--no-password", "--lock-wait-timeout=10s",
        f"--file={part}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - a program that was looked for, and files
            command, env=environment(parameters), stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        try:
            while process.poll() is None:
                look(observer)
                time.sleep(_LOOK_S)
        finally:
            _end(process)
        if process.returncode:
            raise StorageError(
                "pg_dump could not copy the database.", _said(said), "Look at the server's log."
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(stream: IO[bytes]) -> str:
    stream.seek(0)
    lines = stream.read(20_000).decode("utf-8", "replace").strip().splitlines()
    return " ".join(line.strip() for line in lines[:3])


def is_dump(path: Path) -> bool:
    """Tell whether a file is one of pg_dump's."""
    try:
        with path.open("rb") as reader:
            return reader.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


@contextmanager
def reading(path: Path, *options: str, observer: Observer | None = None) -> Iterator[IO[bytes]]:
    """Let pg_restore write a file out, which decompresses and checks every part of it.

    Raises StorageError when it is not whole, or nothing here can read it.
    """
    found = tools()
    if not found:
        raise StorageError(
            "This backup cannot be read here.",
            f"{path.name} was made by pg_dump; its other half, pg_restore, is not installed here.",
            "Install PostgreSQL's client programs, or try it on the computer that made it.",
        )
    command = [found[0].restore, *options, "--file=-", str(path)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - a program that was looked for, and files
            command, env=environment({}), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            with process.stdout as out:
                yield out
                while out.read(1_000_000):
                    look(observer)
            process.wait()
        finally:
            _end(process)
        if process.returncode:
            raise StorageError(
                "This backup is not whole.", f"{path.name}: {_said(said)}", "Try an older one."
            )
