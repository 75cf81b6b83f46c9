"""The files of the real database driver, watched and made to fail: SQLite's own VFS with hooks in it.

The driver that posapp runs on carries its SQLite, and that SQLite's functions can be called by their names.
So the table of the operating system's functions (`sqlite3_vfs`) of this very library gets ours before its
own: what is recorded is what production code writes, and a failure is one that production code meets.
"""

from __future__ import annotations

import ctypes
import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from peewee import sqlite3  # type: ignore[attr-defined] # the driver that Peewee chose

FULL, IO_WRITE, IO_SYNC, IO_TRUNCATE = 13, 778, 1034, 1546
_INT, _LONG, _PTR, _TEXT = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p, ctypes.c_char_p

# Names as bare addresses: SQLite keeps more behind the end of the text, which a copy would not have.
_OPEN = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _PTR, _INT, _PTR)
_DELETE = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _INT)
_WRITE = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _INT, _LONG)
_TRUNCATE = ctypes.CFUNCTYPE(_INT, _PTR, _LONG)
_SYNC = ctypes.CFUNCTYPE(_INT, _PTR, _INT)


class _Vfs(ctypes.Structure):
    """The head of sqlite3_vfs, as far as we change it."""

    _fields_ = (
        ("version", _INT),
        ("file_size", _INT),
        ("path_length", _INT),
        ("next", _PTR),
        ("name", _TEXT),
        ("data", _PTR),
        ("open", _PTR),
        ("delete", _PTR),
    )


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, version 3."""

    _fields_ = (("version", _INT), ("close", _PTR), ("read", _PTR), ("write", _PTR), ("truncate", _PTR),
                ("sync", _PTR), *((f"other{number}", _PTR) for number in range(13)))  # fmt: skip


class What(Enum):
    """What happened to a file."""

    MADE = "made"
    WRITTEN = "written"
    CUT = "cut"
    SYNCED = "synced"
    GONE = "gone"
    RENAMED = "renamed"
    FOLDER_SYNCED = "folder synced"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to the file `name` (a path)."""

    what: What
    name: str
    offset: int = 0
    data: bytes = b""
    other: str = ""  # the new name of a renamed file


Heard = Callable[[Step], None]
Fails = Callable[[Step], int]  # the error code of SQLite to answer with, 0 to let it happen


def _library() -> ctypes.CDLL:
    module = importlib.import_module(
        sqlite3.__name__.rpartition(".")[0] + "._sqlite3" if "." in sqlite3.__name__ else "_sqlite3"
    )
    found = ctypes.CDLL(module.__file__)
    found.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    found.sqlite3_vfs_find.argtypes = [_TEXT]
    return found


def _path(name: int | None) -> str:
    return os.fsdecode(ctypes.string_at(name)) if name else ""


def can_watch() -> bool:
    """Tell whether this driver's SQLite lets us in: one that hides its functions does not."""
    try:
        return os.name == "posix" and bool(_library().sqlite3_vfs_find(None))
    except (AttributeError, OSError):
        return False


class _Hooks:
    """The hooks, while they are in place."""

    def __init__(self, heard: Heard, fails: Fails) -> None:
        self._heard = heard
        self._fails = fails
        self._names: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self._kept: list[Any] = []  # what C points to and Python must not free
        self._vfs = _library().sqlite3_vfs_find(None).contents
        self._before = (self._vfs.open, self._vfs.delete)
        self._open, self._delete = _OPEN(self._vfs.open), _DELETE(self._vfs.delete)

    def put_in(self) -> None:
        self._vfs.open = self._keep(_OPEN(self.on_open))
        self._vfs.delete = self._keep(_DELETE(self.on_delete))

    def take_out(self) -> None:
        self._vfs.open, self._vfs.delete = self._before

    def _keep(self, function: Any) -> Any:
        self._kept.append(function)
        return ctypes.cast(function, _PTR).value

    def on_open(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        path = _path(name)
        is_new = bool(path) and not Path(path).exists()
        code = int(self._open(vfs, name, file, flags, out))
        if code == 0 and path:
            self._names[file] = path
            if is_new:
                self._heard(Step(What.MADE, path))
            place = ctypes.cast(file, ctypes.POINTER(_PTR))
            place[0] = self._hooked(place[0])
        return code

    def _hooked(self, address: int) -> int:
        if address not in self._methods:
            real = _Methods.from_address(address)
            ours = _Methods.from_buffer_copy(real)
            ours.write = self._keep(_WRITE(self._on_write(_WRITE(real.write))))
            ours.truncate = self._keep(_TRUNCATE(self._on_truncate(_TRUNCATE(real.truncate))))
            ours.sync = self._keep(_SYNC(self._on_sync(_SYNC(real.sync))))
            self._methods[address] = ours
        return ctypes.addressof(self._methods[address])

    def _on_write(self, real: Any) -> Callable[[int, int, int, int], int]:
        def write(file: int, data: int, size: int, offset: int) -> int:
            step = Step(What.WRITTEN, self._names[file], offset, ctypes.string_at(data, size))
            if code := self._fails(step):
                real(file, data, size // 2, offset)  # a disk that fills up takes a part of it
                return code
            code = int(real(file, data, size, offset))
            if code == 0:
                self._heard(step)
            return code

        return write

    def _on_truncate(self, real: Any) -> Callable[[int, int], int]:
        def truncate(file: int, size: int) -> int:
            return self._do(Step(What.CUT, self._names[file], size), lambda: real(file, size))

        return truncate

    def _on_sync(self, real: Any) -> Callable[[int, int], int]:
        def sync(file: int, flags: int) -> int:
            return self._do(Step(What.SYNCED, self._names[file]), lambda: real(file, flags))

        return sync

    def on_delete(self, vfs: int, name: int, sync_folder: int) -> int:
        path = _path(name)
        there = Path(path).exists()
        code = int(self._delete(vfs, name, sync_folder))
        if code == 0 and there:
            self._heard(Step(What.GONE, path))
            if sync_folder:
                self._heard(Step(What.FOLDER_SYNCED, str(Path(path).parent)))
        return code

    def _do(self, step: Step, real: Callable[[], int]) -> int:
        if code := self._fails(step):
            return code
        code = int(real())
        if code == 0:
            self._heard(step)
        return code


@contextmanager
def hooked(heard: Heard = lambda step: None, fails: Fails = lambda step: 0) -> Iterator[None]:
    """Watch the files that the driver opens from now on; they have to be closed before the block ends."""
    hooks = _Hooks(heard, fails)
    hooks.put_in()
    try:
        yield
    finally:
        hooks.take_out()
        _ALIVE.append(hooks)  # a file that somebody left open still points into it


_ALIVE: list[_Hooks] = []


@contextmanager
def watched_renames(heard: Heard) -> Iterator[None]:
    """Watch what the program itself does with its files: flush, rename, remove."""
    rename, replace, sync, unlink = os.rename, os.replace, os.fsync, os.unlink

    def on_rename(source: Any, target: Any, **more: Any) -> None:
        rename(source, target, **more)
        heard(Step(What.RENAMED, str(source), other=str(target)))

    def on_replace(source: Any, target: Any, **more: Any) -> None:
        replace(source, target, **more)
        heard(Step(What.RENAMED, str(source), other=str(target)))

    def on_sync(handle: int) -> None:
        sync(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.is_file():
            # What the program itself has written was not heard of so far.
            heard(Step(What.WRITTEN, str(path), offset=0, data=path.read_bytes()))
        heard(Step(What.FOLDER_SYNCED if path.is_dir() else What.SYNCED, str(path)))

    def on_unlink(path: Any, **more: Any) -> None:
        unlink(path, **more)
        heard(Step(What.GONE, str(path)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "rename", on_rename)
        patch.setattr(os, "replace", on_replace)
        patch.setattr(os, "fsync", on_sync)
        patch.setattr(os, "unlink", on_unlink)
        yield
