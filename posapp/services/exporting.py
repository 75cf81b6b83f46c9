"""Taking figures out of the program: who may do it."""

from __future__ import annotations

from posapp.domain.people import Right
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.storage.store import Store


def check_export(store: Store, who: Who, what: str = "") -> None:
    """Let somebody write a file named `what`, and write that down. Raises NotPermittedError."""
    with store.write() as tx:
        permit(tx, who, Right.EXPORT)
        tx.event(None, "exported", who, {"file": what})
