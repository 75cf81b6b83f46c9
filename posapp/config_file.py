"""Writing posapp.toml: one change at a time, with the file's comments kept."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

import tomlkit
from filelock import FileLock
from tomlkit.items import AoT

from posapp.config import CONFIG_NAME, Config, RemoteConfig, load, with_setting
from posapp.domain.errors import RefusedError, StorageError


def save_setting(data_dir: Path, section: str, key: str, value: str | int | bool) -> Config:  # noqa: FBT001
    """Set one setting in the file and return all of them; raise RefusedError if the value does not fit."""
    with_setting(load(data_dir), section, key, value)

    def change(document: tomlkit.TOMLDocument) -> None:
        table = document.setdefault(section, tomlkit.table())
        table[key] = value

    return _rewrite(data_dir, change)


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
                table[key] = value
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


def _as_sections(document: tomlkit.TOMLDocument) -> AoT:
    """Return the remotes as [[remotes]] sections, whether the file had them so, inline or not at all."""
    listed = document.get("remotes")
    if isinstance(listed, AoT):
        return listed
    sections = tomlkit.aot()
    for inline in listed or []:
        section = tomlkit.table()
        section.update(inline)
        sections.append(section)
    document.pop("remotes", None)
    document["remotes"] = sections
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
