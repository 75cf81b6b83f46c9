"""Taking figures out of the program: who may do it."""

from __future__ import annotations

from posapp.domain.people import Right
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.storage.store import Store


def check_export(store: Store, who: Who) -> None:
    """Let somebody write a report to a file; an approval is used up. Raises NotPermittedError."""
    with store.write() as tx:
        permit(tx, who, Right.EXPORT)
