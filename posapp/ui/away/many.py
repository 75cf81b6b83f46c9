"""Keeps the next steps of several orders at once while the database is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject

from posapp.domain.errors import DatabaseAwayError, PosError, RefusedError
from posapp.domain.status import Kind, Status, next_step
from posapp.services.kept import keep, take_back
from posapp.storage.rows import OrderRow
from posapp.ui.away.rows import kept_row, move_wish
from posapp.ui.away.words import has_to_wait
from posapp.ui.context import Context

translate = QCoreApplication.translate
Target = Callable[[OrderRow], Status | None]
_Pair = tuple[OrderRow, OrderRow]


def next_of(row: OrderRow) -> Status | None:
    """Return the one obvious next status of an order."""
    return next_step(Status(row.status), Kind(row.kind))


def or_keep(
    ctx: Context,
    rows: Sequence[OrderRow],
    target: Target,
    owner: QObject,
    failed: Callable[[PosError], None],
) -> Callable[[PosError], None]:
    """Return what to do when an act on these orders failed: keep it, if the database is away."""

    def refused(error: PosError) -> None:
        if isinstance(error, DatabaseAwayError):
            _keep_many(ctx, rows, target, owner, failed)
        else:
            failed(error)

    return refused


def _keep_many(
    ctx: Context,
    rows: Sequence[OrderRow],
    target: Target,
    owner: QObject,
    failed: Callable[[PosError], None],
) -> None:
    who, role, targets = ctx.who, ctx.role, ctx.config.targets

    def work() -> list[_Pair]:
        kept: list[_Pair] = []
        refusal: RefusedError | None = None
        for row in rows:
            after = target(row)
            try:
                if after is not None:
                    kept.append(
                        (row, kept_row(row, keep(ctx.store, move_wish(row, after), who, role), targets))
                    )
            except RefusedError as error:
                refusal = error
        if refusal is not None and not kept:
            raise refusal
        return kept

    def done(kept: list[_Pair]) -> None:
        if not kept:
            ctx.message.emit(has_to_wait(), None)
            return
        _show(ctx, [after for _, after in kept])
        one = translate("away", "1 order — kept on this computer")
        more = translate("away", "%1 orders — kept on this computer").replace("%1", str(len(kept)))
        ctx.message.emit(one if len(kept) == 1 else more, lambda: _undo(ctx, kept, owner))

    ctx.tasks.run(work, done, failed=failed, owner=owner)


def _show(ctx: Context, rows: Sequence[OrderRow]) -> None:
    ctx.away.rows_kept.emit(list(rows))
    for row in rows:
        ctx.away.handled.emit(row.pk)


def _undo(ctx: Context, kept: Sequence[_Pair], owner: QObject) -> None:
    who, role = ctx.who, ctx.role

    def work() -> list[OrderRow]:
        return [before for before, _ in kept if take_back(ctx.store, before.pk, who, role) is not None]

    ctx.tasks.run(work, ctx.away.rows_kept.emit, owner=owner)
