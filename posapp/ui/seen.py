"""What a person saw on the screen, and whether it is still so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from posapp.services.together import Seen
from posapp.storage.queries import rows_by_pk
from posapp.storage.rows import OrderRow
from posapp.ui.context import Context


def expected_versions(ctx: Context, rows: Sequence[OrderRow]) -> list[Seen]:
    """Return the orders with the versions to insist on: today's, if each still is what the person saw.

    Taking notice of an order and its way to the shop count its version up too, and none of them changes what
    a person decided about.
    """
    fresh = rows_by_pk(ctx.store, [row.pk for row in rows], ctx.config.targets)
    return [Seen(row.pk, _version(row, fresh.get(row.pk))) for row in rows]


def _version(seen: OrderRow, fresh: OrderRow | None) -> int:
    if fresh is None:
        return seen.version
    same = replace(
        fresh,
        version=seen.version,
        sync=seen.sync,
        sync_reason=seen.sync_reason,
        unacknowledged=seen.unacknowledged,
    )
    return fresh.version if same == seen else seen.version
