"""Moving a shop's data to another database: who may, and what is written down of it."""

from __future__ import annotations

from pathlib import Path

from posapp.domain.errors import StorageError
from posapp.domain.who import Who
from posapp.storage.backup import held_alone
from posapp.storage.database import random_id, utc_now
from posapp.storage.kept import KeptJournal
from posapp.storage.marks import marks_of
from posapp.storage.moving import Place, reopen, store_of
from posapp.storage.people import has_staff
from posapp.storage.store import Store


def asked_store(source: Place) -> Store | None:
    """Return the database that is to be copied, if people sign in there who have to be asked.

    Nobody is asked of a file that nobody works with, nor for the rest of a copy that was interrupted. The
    database is opened as it is, not upgraded. Raises StorageError when it is in use or cannot be opened.
    """
    if not source.live or (source.file is not None and not source.file.exists()):
        return None
    if source.file is not None:
        with held_alone(source.file.parent):
            pass  # told before anybody types a PIN
    store = store_of(source, utc_now, random_id)
    try:
        asks = store.dialect.schema_version() > 0 and not marks_of(store.dialect.read) and has_staff(store)
    except store.dialect.failures as error:
        store.close_thread()
        raise store.dialect.error(error) from error
    if not asks:
        store.close_thread()
        return None
    return store


def refuse_kept(source: Place, data_dir: Path) -> None:
    """Raise StorageError while this computer keeps changes that its server does not have yet."""
    if source.server is None:
        return
    journal = KeptJournal(data_dir)
    kept = journal.figures.all
    journal.close()
    if kept:
        raise StorageError(
            f"{kept} changes are on this computer only.",
            "They were made while the server was away, and would be left behind.",
            "Open posapp until they are in (posapp queue list shows them), close it, and try again.",
        )


def reopened(place: Place, who: Who) -> bool:
    """Let a database whose data were moved be worked with again; tell whether it was one."""
    if not reopen(place):
        return False
    store = store_of(place, utc_now, random_id)
    try:
        with store.write() as tx:
            tx.event(None, "data_reopened", who)
    finally:
        store.close_thread()
    return True
