"""Keeps the next steps of several orders at once while the database is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject

from posapp.domain.errors import DatabaseAwayError, PosError, RefusedError
from posapp.domain.status import Kind, Status, next_step
from posapp.services.kept import keep, take_back
from posapp.storage.rows import OrderRow
from posapp.ui.away.rows import move_wish
from posapp.ui.away.words import has_to_wait
from posapp.ui.context import Context

translate = QCoreApplication.translate
Target = Callable[[OrderRow], Status | None]


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
    who, role = ctx.who, ctx.role

    def work() -> list[int]:
        kept: list[int] = []
        refusal: RefusedError | None = None
        for row in rows:
            after = target(row)
            try:
                if after is not None:
                    kept.append(keep(ctx.store, move_wish(row, after), who, role).order.pk)
            except RefusedError as error:
                refusal = error
        if refusal is not None and not kept:
            raise refusal
        return kept

    def done(kept: list[int]) -> None:
        if not kept:
            ctx.message.emit(has_to_wait(), None)
            return
        _show(ctx, kept)
        one = translate("away", "1 order — kept on this computer")
        more = translate("away", "%1 orders — kept on this computer").replace("%1", str(len(kept)))
        ctx.message.emit(one if len(kept) == 1 else more, lambda: _undo(ctx, kept, owner))

    ctx.tasks.run(work, done, failed=failed, owner=owner)


def _show(ctx: Context, pks: Sequence[int]) -> None:
    for pk in pks:
        ctx.away.touched.emit(pk)


def _undo(ctx: Context, kept: Sequence[int], owner: QObject) -> None:
    who, role = ctx.who, ctx.role

    def work() -> list[int]:
        return [pk for pk in kept if take_back(ctx.store, pk, who, role) is not None]

    ctx.tasks.run(work, lambda pks: _show(ctx, pks), owner=owner)
