"""The one door to the files in resources/: fonts, icons, sounds, translations, theme."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """Answer the folder of the resources: the wheel's copy, or the checkout's own."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_resources", package.parent / "resources"):
        if folder.is_dir():
            return folder
    message = f"posapp is incomplete: neither _resources nor ../resources exists beside {package}"
    raise FileNotFoundError(message)


def path(relative: str) -> Path:
    """Answer the path of a resource such as "icons/regular/check.svg".

    The name uses forward slashes on every system. A name that leaves the folder is a ValueError, a resource
    that does not exist is a FileNotFoundError.
    """
    folder = root()
    found = (folder / relative).resolve()
    if "\\" in relative or found == folder or not found.is_relative_to(folder):
        message = f"not the name of a resource: {relative!r}"
        raise ValueError(message)
    if not found.exists():
        message = f"no such resource: {relative!r}"
        raise FileNotFoundError(message)
    return found


def text(relative: str) -> str:
    """Read a resource that is UTF-8 text."""
    return path(relative).read_text(encoding="utf-8")


def data(relative: str) -> bytes:
    """Read a resource as bytes."""
    return path(relative).read_bytes()
