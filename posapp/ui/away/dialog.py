"""What is kept on this computer: each change, how it stands, and the ways out where a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.kept import Kept, KeptState
from posapp.domain.status import Status
from posapp.services.kept import take_back
from posapp.services.kept_return import MINE, THEIRS, can_take_mine, decide
from posapp.ui.away.words import change_source, change_state, change_title, kept_count
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.fonts import SEMIBOLD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.text import PlainLabel

_HIGHEST = 420


@dataclass(frozen=True, slots=True)
class _Shown:
    entry: Kept
    behind: bool
    last: bool


class KeptDialog(Dialog):
    """Lists the journal, the oldest first; it follows what happens to it."""

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="hard-drives-fill", tone="warn")
        self.setObjectName("keptDialog")
        self.setFixedWidth(min(620, parent.window().width() - 48))
        self._ctx = ctx
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self._scroll = plain_area(self._list)
        self.body.addWidget(self._scroll)
        self._trouble = PlainLabel("", tone="danger_text", wrap=True)
        self._trouble.setObjectName("keptTrouble")
        self._trouble.hide()
        self.body.addWidget(self._trouble)
        self.add_safe(self.tr("Close"))
        ctx.away.changed.connect(self.refresh)
        self._put(())
        self.refresh()

    def refresh(self) -> None:
        """Read the journal again."""
        journal = self._ctx.store.kept
        if journal is not None:
            self._ctx.tasks.run(journal.entries, self._put, failed=self._failed, owner=self)

    def _put(self, entries: tuple[Kept, ...]) -> None:
        self.set_title(kept_count(len(entries)) if entries else self.tr("Nothing is kept on this computer"))
        self.set_text(
            self.tr("They are on this computer's disk only. What fits goes into the database by itself.")
            if entries
            else self.tr("Everything is in the database.")
        )
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        held: set[int] = set()
        last = {entry.order.pk: entry.seq for entry in entries}
        for entry in entries:
            pk = entry.order.pk
            shown = _Shown(entry, behind=pk in held, last=last[pk] == entry.seq)
            self._rows.addWidget(self._row(shown))
            if entry.state is KeptState.NEEDS:
                held.add(pk)
        self._rows.addStretch(1)
        self._scroll.setVisible(bool(entries))
        wanted = self._rows.heightForWidth(self.width() - 40) if self._rows.hasHeightForWidth() else 0
        wanted = wanted if wanted > 0 else self._rows.sizeHint().height()
        self._scroll.setFixedHeight(min(wanted, current_theme().px(_HIGHEST)))
        self.adjustSize()

    def _row(self, shown: _Shown) -> QWidget:
        entry, ctx = shown.entry, self._ctx
        card = Card(padding=12, spacing=2)
        card.setObjectName(f"kept_{entry.seq}")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(change_title(entry), weight=SEMIBOLD, wrap=True))
        words.addWidget(
            PlainLabel(change_source(entry, ctx.clock(), ctx.zone), px=13, tone="text2", wrap=True)
        )
        tone = "danger_text" if entry.state is KeptState.NEEDS else "text2"
        words.addWidget(PlainLabel(change_state(entry, behind=shown.behind), px=13, tone=tone, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in self._buttons_of(shown):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        card.column.addLayout(row)
        return card

    def _buttons_of(self, shown: _Shown) -> list[Button]:
        entry = shown.entry
        if entry.state is KeptState.WAITING and shown.last and not shown.behind:
            back = Button(self.tr("Take back"), look=ButtonLook.QUIET, height=36, px=13)
            back.setObjectName(f"keptBack_{entry.seq}")
            back.clicked.connect(partial(self._take_back, entry))
            return [back]
        if entry.state is not KeptState.NEEDS:
            return []
        leave = Button(self.tr("Leave it"), look=ButtonLook.SECONDARY, height=36, px=13)
        leave.setObjectName(f"keptTheirs_{entry.seq}")
        leave.clicked.connect(partial(self._decide, entry, THEIRS))
        found = Status(entry.found) if entry.found else entry.order.status
        if not can_take_mine(entry, found, entry.order.kind):
            return [leave]
        mine = Button(self.tr("Do it now"), look=ButtonLook.PRIMARY, height=36, px=13)
        mine.setObjectName(f"keptMine_{entry.seq}")
        mine.clicked.connect(partial(self._decide, entry, MINE))
        return [leave, mine]

    def _decide(self, entry: Kept, choice: str) -> None:
        ctx, who = self._ctx, self._ctx.who
        self._trouble.hide()
        ctx.tasks.run(
            lambda: decide(ctx.store, entry.id, choice, who, origin=WINDOW_ORIGIN),
            lambda _status: self.refresh(),
            failed=self._failed,
            owner=self,
        )

    def _take_back(self, entry: Kept) -> None:
        ctx, who, role = self._ctx, self._ctx.who, self._ctx.role
        self._trouble.hide()
        ctx.tasks.run(
            lambda: take_back(ctx.store, entry.order.pk, who, role),
            lambda _kept: self._ctx.away.touched.emit(entry.order.pk),
            failed=self._failed,
            owner=self,
        )

    def _failed(self, error: PosError) -> None:
        self._trouble.setText(" ".join(part for part in (error.title, error.detail, error.remedy) if part))
        self._trouble.show()
