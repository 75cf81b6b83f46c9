"""Looks for the database server of a shop, in a window and beside `sync --watch`."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.config import load
from posapp.domain.kitchen import Section
from posapp.services.kept_return import bring_in
from posapp.storage.heartbeat import Heartbeat
from posapp.storage.store import Store


def beating(store: Store) -> Heartbeat | None:
    """Begin to look; None on a file, which is always there."""
    if store.presence is None:
        return None

    def sections() -> Sequence[Section]:
        return load(store.data_dir).kitchen.sections

    heart = Heartbeat(store, lambda: bring_in(store, sections))
    heart.start()
    return heart
