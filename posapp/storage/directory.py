"""The data directory: made for its owner only."""

from __future__ import annotations

import os
from pathlib import Path

from posapp.domain.errors import StorageError


def prepare_directory(data_dir: Path) -> None:
    """Make the data directory and its folders for the owner only; raise StorageError if that cannot be."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix" and data_dir.stat().st_mode & 0o077:
            data_dir.chmod(0o700)
        for name in ("logs", "backups"):
            (data_dir / name).mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(
            "The data directory cannot be used.",
            f"{data_dir}: {error.strerror or error}.",
            "Choose another one with --data-dir, or mend its rights or its disk.",
        ) from error
