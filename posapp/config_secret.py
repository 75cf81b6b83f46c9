"""Takes the database's password out of posapp.toml: it belongs where the secrets are."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

import tomlkit
from filelock import FileLock

from posapp.domain.errors import PosError, StorageError
from posapp.storage.server import keep_password, without_password

_SUSPECT = re.compile(r"postgres(ql)?://[^\s\"'/@]*:[^\s\"'/]*@")


def may_hold_password(text: str) -> bool:
    """Tell whether settings may name a database server with its password; quick, for each start."""
    return _SUSPECT.search(text) is not None


def move_password(path: Path) -> None:
    """Keep a password that stands in the database's address, and write the address without it.

    Raises StorageError when one of the two cannot be done; then the file is as it was.
    """
    part = path.with_name(path.name + ".part")
    try:
        with FileLock(str(path) + ".lock", timeout=10, mode=0o600):
            try:
                document = tomlkit.parse(path.read_text("utf-8-sig"))
            except ValueError:
                return  # told by who reads the settings, with the line
            section = document.get("database")
            url = section.get("url") if isinstance(section, dict) else None
            place, password = without_password(url) if isinstance(url, str) else ("", "")
            if not password or not isinstance(section, dict):
                return
            with contextlib.suppress(ValueError):  # an address that cannot be used is told later, too
                keep_password(place, password)
                section["url"] = place
                with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
                    out.write(tomlkit.dumps(document))
                    out.flush()
                    os.fsync(out.fileno())
                part.replace(path)
    except (OSError, PosError) as error:
        part.unlink(missing_ok=True)
        raise StorageError(
            "The database's password stands in the settings, and cannot be moved.",
            f"{path}: {error}",
            "Take it out of url under [database], and give it in POSAPP_DATABASE_PASSWORD.",
        ) from None
