"""Writes a report where a person wants to have it."""

from __future__ import annotations

from pathlib import Path

from posapp.domain.errors import StorageError


def write_csv(path: str, text: str) -> None:
    """Write a table whole; raise StorageError when that fails."""
    try:
        Path(path).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise StorageError(
            "The table cannot be written.",
            f"{path}: {error.strerror}.",
            "Close it where it is open, or choose another folder.",
        ) from error
