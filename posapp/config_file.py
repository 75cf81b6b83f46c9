"""Writing posapp.toml: one change at a time, with the file's comments kept."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path

import tomlkit
from filelock import FileLock
from tomlkit.items import AoT, InlineTable

from posapp.config import CONFIG_NAME, Config, RemoteConfig, load, make_remote, with_setting
from posapp.config_fields import Value
from posapp.config_remotes import STATUSES
from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.status import Status
from posapp.printing.printers import Printer


def save_setting(data_dir: Path, section: str, key: str, value: Value) -> Config:
    """Set one setting in the file and return all of them; raise RefusedError if the value does not fit.

    A password in the database's address is kept where the secrets are; the file gets the address without it.
    """
    if (section, key) == ("database", "url"):
        value = _without_password(str(value))
    checked = with_setting(load(data_dir), section, key, value).get(section, key)

    def change(document: tomlkit.TOMLDocument) -> None:
        table = document.setdefault(section, tomlkit.table())
        table[key] = list(checked) if isinstance(checked, tuple) else checked

    return _rewrite(data_dir, change)


def _without_password(url: str) -> str:
    from posapp.storage.server import check_url, keep_password, without_password

    place, password = without_password(url)
    if password:
        with contextlib.suppress(ValueError):  # told by the check of the setting
            check_url(place)
            keep_password(place, password)
    return place


def add_remote(data_dir: Path, remote: RemoteConfig) -> Config:
    """Append a remote to the file; raise RefusedError if the name is taken."""
    if any(other.name == remote.name for other in load(data_dir).remotes):
        raise RefusedError(
            f"There is already a remote “{remote.name}”.",
            remedy="Choose another name, or remove it first.",
            fields={"name": "This name is taken."},
        )
    defaults = {item.name: item.default for item in fields(RemoteConfig)}

    def change(document: tomlkit.TOMLDocument) -> None:
        table = tomlkit.table()
        for key, value in asdict(remote).items():
            if key in {"name", "format", "base_url", "currency", "timezone"} or value != defaults[key]:
                table[key] = _inline(remote.statuses) if key == STATUSES else value
        _as_sections(document).append(table)

    return _rewrite(data_dir, change)


def remove_remote(data_dir: Path, name: str) -> Config:
    """Take a remote out of the file; raise RefusedError if there is none of that name."""
    load(data_dir).remote(name)

    def change(document: tomlkit.TOMLDocument) -> None:
        listed = _as_sections(document)
        for number, table in enumerate(listed):
            if table.get("name") == name:
                del listed[number]
                break
        if not listed:
            # Written as `remotes = []` otherwise, above everything else.
            del document["remotes"]

    return _rewrite(data_dir, change)


def save_statuses(data_dir: Path, name: str, numbers: Mapping[Status, Sequence[int]]) -> Config:
    """Write the status numbers of a staff shop; raise RefusedError if they do not fit.

    Rows that the file names are changed; of the others only those that are not the usual ones are added.
    """
    before = load(data_dir).remote(name)
    usual = replace(before, statuses=()).status_numbers
    written = dict(before.statuses)
    rows = [
        (status.value, tuple(row))
        for status, row in numbers.items()
        if status.value in written or tuple(row) != usual[status]
    ]
    make_remote({**asdict(before), STATUSES: dict(rows)})

    def change(document: tomlkit.TOMLDocument) -> None:
        table = next(item for item in _as_sections(document) if item.get("name") == name)
        if STATUSES not in table:
            table[STATUSES] = _inline(())
        for status, row in rows:
            table[STATUSES][status] = list(row)

    return _rewrite(data_dir, change) if rows else load(data_dir)


def _inline(rows: Iterable[tuple[str, tuple[int, ...]]]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update({status: list(row) for status, row in rows})
    return table


def save_printer(data_dir: Path, printer: Printer, replaces: str = "") -> Config:
    """Write a printer, new or in the place of another; raise RefusedError if its name is taken."""
    taken = {other.name for other in load(data_dir).printers} - {replaces}
    if printer.name in taken:
        raise RefusedError(
            f"There is already a printer “{printer.name}”.", fields={"name": "This name is taken."}
        )
    defaults = {item.name: item.default for item in fields(Printer)}

    def change(document: tomlkit.TOMLDocument) -> None:
        listed = _as_sections(document, "printers")
        table = next((item for item in listed if replaces and item.get("name") == replaces), None)
        if table is None:
            table = tomlkit.table()
            listed.append(table)
            table = listed[-1]
        for key, value in asdict(printer).items():
            always = key in table or key in {"name", "kind", "address", "width_mm", "roles"}
            if always or value != defaults[key]:
                table[key] = list(value) if isinstance(value, tuple) else value

    return _rewrite(data_dir, change)


def remove_printer(data_dir: Path, name: str) -> Config:
    """Take a printer out of the file; what waits for it stays in the print queue."""

    def change(document: tomlkit.TOMLDocument) -> None:
        listed = _as_sections(document, "printers")
        for number, table in enumerate(listed):
            if table.get("name") == name:
                del listed[number]
                break
        if not listed:
            del document["printers"]

    return _rewrite(data_dir, change)


def _as_sections(document: tomlkit.TOMLDocument, key: str = "remotes") -> AoT:
    """Return tables as [[remotes]] sections, whether the file had them so, inline or not at all."""
    listed = document.get(key)
    if isinstance(listed, AoT):
        return listed
    sections = tomlkit.aot()
    for inline in listed or []:
        section = tomlkit.table()
        section.update(inline)
        sections.append(section)
    document.pop(key, None)
    document[key] = sections
    return sections


def _rewrite(data_dir: Path, change: Callable[[tomlkit.TOMLDocument], None]) -> Config:
    path = data_dir / CONFIG_NAME
    part = path.with_name(CONFIG_NAME + ".part")
    try:
        # Two programs may change settings at once: each reads what the other wrote.
        with FileLock(str(path) + ".lock", timeout=10, mode=0o600):
            document = tomlkit.parse(path.read_text("utf-8-sig")) if path.exists() else tomlkit.document()
            change(document)
            handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(tomlkit.dumps(document))
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise StorageError(
            "The settings cannot be saved.", f"{path}: {error.strerror or error}.", "The old ones still hold."
        ) from error
    return load(data_dir)
