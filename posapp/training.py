"""Training: two sandbox shops in a process of their own, with data apart that begin anew at every start."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from posapp import config_file
from posapp.config import RemoteConfig, load
from posapp.domain.errors import StorageError
from posapp.domain.product_file import read_products
from posapp.domain.who import station_itself
from posapp.sandbox.menu import DISHES, category_of
from posapp.sandbox.process import SandboxProcess
from posapp.secrets import SecretStore, variable_of
from posapp.services.catalogue import import_products, preview_import
from posapp.storage.database import open_store
from posapp.storage.store import Store

FOLDER = "training"
ALMA, THAMEL = "alma-pizza", "mamma-pizza-thamel"  # one for each API
CURRENCY = "KZT"
_POLL_S = 2  # a training day is short; nobody should wait for its orders
_KEPT = frozenset({"window.lock", "logs"})


def training_dir(data_dir: Path) -> Path:
    """Return where the training data of a data directory are, apart from the real ones."""
    return data_dir / FOLDER


def remotes_of(process: SandboxProcess, poll_seconds: int = _POLL_S) -> tuple[RemoteConfig, RemoteConfig]:
    """Return how the training shops are connected."""
    return (
        RemoteConfig(ALMA, process.url, poll_seconds=poll_seconds),
        RemoteConfig(
            THAMEL,
            process.staff_url,
            format="staff",
            currency="NPR",
            timezone="Asia/Kathmandu",
            poll_seconds=poll_seconds,
        ),
    )


def secrets_of(process: SandboxProcess) -> dict[str, str]:
    """Return what signs in to the training shops, in the form of environment variables."""
    return {
        variable_of(ALMA): process.key,
        variable_of(THAMEL, "USERNAME"): process.username,
        variable_of(THAMEL, "PASSWORD"): process.password,
    }


def fill_menu(store: Store, station: str) -> None:
    """Put the menu of the training shop into the catalogue, as a file of products would."""
    rows = [
        {
            "internal_id": dish.internal_id,
            "title": dish.title,
            "price": str(dish.price),
            "category": category_of(dish),
        }
        for dish in DISHES.values()
    ]
    file = read_products(json.dumps(rows).encode())
    import_products(store, preview_import(store, file, CURRENCY), station_itself(station))


class Training:
    """The running training shops and the settings that lead to them; end them with `stop`.

    Key and password are kept in memory only: the secrets of this object know them and nothing else does.
    """

    def __init__(self, data_dir: Path, process: SandboxProcess) -> None:
        self.data_dir = data_dir
        self.process = process
        self.secrets = SecretStore(data_dir / "keys", secrets_of(process))

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        control: bool = False,
        start: datetime | None = None,
    ) -> Training:
        """Empty `data_dir` (a directory of training only), start the shops and write the settings.

        The caller holds the window's lock of that directory. Raises StorageError when old data cannot be
        removed, PosError when the shops do not start.
        """
        empty(data_dir)
        begin = start or datetime.now(UTC)
        chosen = int(begin.timestamp()) if seed is None else seed
        process = SandboxProcess.start(chosen, speed, control=control, start=start)
        try:
            for remote in remotes_of(process):
                config_file.add_remote(data_dir, remote)
            store = open_store(data_dir)
            fill_menu(store, load(data_dir).station)
            store.close_thread()
        except BaseException:
            process.stop()
            raise
        return cls(data_dir, process)

    def stop(self) -> None:
        """End the shops; may be called again."""
        self.process.stop()


def empty(data_dir: Path) -> None:
    """Remove the data of earlier training days; what is not a training directory is left alone."""
    if data_dir.name != FOLDER:
        raise ValueError("only a training directory may be emptied")
    if not data_dir.exists():
        data_dir.mkdir(parents=True, mode=0o700)
        return
    for entry in data_dir.iterdir():
        if entry.name in _KEPT:
            continue
        try:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        except OSError as error:
            raise StorageError(
                "The old training data cannot be removed.",
                f"{entry}: {error.strerror}.",
                "Close other posapp windows, or mend the rights of the directory.",
            ) from error
    if os.name == "posix":
        with contextlib.suppress(OSError):
            data_dir.chmod(0o700)
