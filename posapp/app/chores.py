"""What the quiet thread does beside the backups."""

from __future__ import annotations

from collections.abc import Callable

from posapp.config import load
from posapp.domain.who import station_itself
from posapp.services.privacy import anonymise_due
from posapp.storage.backup_worker import BackupWorker
from posapp.storage.store import Store


def forgets_by_age(store: Store) -> Callable[[BackupWorker], None]:
    """Return the chore that forgets customers after the days of the settings, which it reads each time."""

    def forget(worker: BackupWorker) -> None:
        config = load(store.data_dir)
        anonymise_due(
            store, config.privacy, station_itself(config.station), observer=worker, rest=worker.rest
        )

    return forget
