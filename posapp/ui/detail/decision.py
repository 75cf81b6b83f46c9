"""The box over the footer when an order needs a person: what is different, and the two ways out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.status import Status
from posapp.domain.text import pretty_phone
from posapp.storage.rows import OrderDetail, QueueRow
from posapp.ui.delegates.age import clock_text
from posapp.ui.delegates.rowtext import who
from posapp.ui.detail.texts import breakable
from posapp.ui.fonts import SEMIBOLD
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.paintkit import Painted, smooth
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import field_label, status_word

_BEING_MADE = frozenset({Status.COOKING, Status.ONDELIVERY})
_NEEDING = ("conflict", "dead", "parked")


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    text: str
    mine: str
    theirs: str


class DecisionBox(Painted):
    """Explains and offers `mine` and `theirs`; hidden while nothing needs a decision."""

    decided = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("decisionBox")
        self._sync = "conflict"
        self._title = PlainLabel("", weight=SEMIBOLD, wrap=True)
        self._text = PlainLabel("", px=13, tone="text", wrap=True)
        self._text.setObjectName("decisionText")
        self.mine_button = Button(self.tr("Keep ours and send again"), look=ButtonLook.SECONDARY)
        self.mine_button.setObjectName("resolveMineButton")
        self.theirs_button = Button(self.tr("Take the shop's"), look=ButtonLook.SECONDARY)
        self.theirs_button.setObjectName("resolveTheirsButton")
        self.mine_button.clicked.connect(lambda: self.decided.emit("mine"))
        self.theirs_button.clicked.connect(lambda: self.decided.emit("theirs"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.mine_button)
        buttons.addWidget(self.theirs_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(52, 12, 20, 12)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(6)
        column.addLayout(buttons)
        self.hide()

    def show_detail(self, detail: OrderDetail, now: datetime, zone: ZoneInfo) -> None:
        """Explain what an order needs, or hide."""
        asking = [row for state in _NEEDING for row in detail.queue if row.state == state]
        self.setVisible(bool(asking))
        if not asking:
            return
        self._sync = "conflict" if asking[0].state == "conflict" else "failed"
        words = self._words(asking[0], detail, now, zone)
        self._title.setText(words.title)
        self._text.setText(breakable(words.text))
        self.mine_button.setText(words.mine)
        self.theirs_button.setText(words.theirs)
        self.setAccessibleName(f"{words.title} {words.text}")
        self.update()

    def _words(self, asking: QueueRow, detail: OrderDetail, now: datetime, zone: ZoneInfo) -> _Words:
        here = status_word(detail.row.status)
        if asking.state == "dead":
            return _Words(
                self.tr("The shop no longer has this order."),
                self.tr("Here it is “%1”. Ask the shop before you go on.").replace("%1", here),
                self.tr("Send again"),
                self.tr("Cancel it here too"),
            )
        if asking.patch:
            return self._about_fields(asking)
        theirs = asking.theirs or detail.shadow or ""
        there = self.tr("Here: %1 · At the shop: %2").replace("%1", here).replace("%2", status_word(theirs))
        if asking.state == "conflict":
            if theirs == Status.CANCELLED and detail.row.status in _BEING_MADE:
                return self._about_cancelled(detail, now, zone)
            seen = max((e.at for e in detail.events if e.kind == "conflict"), default=None)
            if seen is not None:
                when = clock_text(seen, now, zone)
                there = self.tr("%1, seen at %2").replace("%1", there).replace("%2", when)
            return _Words(
                self.tr("Changed here and at the shop. Which one is right?"),
                there,
                self.tr("Keep ours and send again"),
                self.tr("Take the shop's"),
            )
        reason = asking.last_error or detail.row.sync_reason
        refused = self.tr("The shop refused “%1”.").replace("%1", status_word(asking.target))
        return _Words(
            refused,
            f"{reason}\n{there}" if reason else there,
            self.tr("Send again"),
            self.tr("Take the shop's"),
        )

    def _about_cancelled(self, detail: OrderDetail, now: datetime, zone: ZoneInfo) -> _Words:
        """Say the three ways out of an order that the shop cancelled while it is made: stop, go on, call."""
        road = detail.row.status == Status.ONDELIVERY
        seen = max((e.at for e in detail.events if e.kind == "conflict"), default=now)
        title = self.tr("The shop cancelled this order at %1. It is on the road.")
        if not road:
            title = self.tr("The shop cancelled this order at %1. The kitchen has stopped it.")
        call = (
            self.tr("Not sure? Call %1: %2.").replace("%1", who(detail.row)).replace("%2", detail.row.phone)
        )
        parts = [
            self.tr("Stop it here too, or go on: then the shop is told “%1” again.").replace(
                "%1", status_word(detail.row.status)
            ),
            call.replace("%2", pretty_phone(detail.row.phone)) if detail.row.phone else "",
        ]
        return _Words(
            title.replace("%1", clock_text(seen, now, zone)),
            " ".join(part for part in parts if part),
            self.tr("Go on with it"),
            self.tr("Bring it back") if road else self.tr("Stop it"),
        )

    def _about_fields(self, asking: QueueRow) -> _Words:
        if asking.state == "conflict":
            here_there = self.tr("%1: here “%2” · at the shop “%3”")
            lines = [
                here_there.replace("%1", field_label(name)).replace("%2", ours or "").replace("%3", theirs)
                for name, (_, ours, theirs) in asking.patch.items()
                if theirs is not None and name != "cart"
            ]
            if "cart" in asking.patch:
                lines.append(self.tr("The lines of the order differ."))
            return _Words(
                self.tr("Changed here and at the shop. Which one is right?"),
                "\n".join(lines),
                self.tr("Keep ours and send again"),
                self.tr("Take the shop's"),
            )
        names = ", ".join(field_label(name) for name in asking.patch)
        return _Words(
            self.tr("The shop refused the change of: %1.").replace("%1", names),
            asking.last_error,
            self.tr("Send again"),
            self.tr("Take the shop's"),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        look = theme.sync[self._sync]
        painter = smooth(self)
        painter.fillRect(self.rect(), look.tint)
        painter.fillRect(0, 0, self.width(), 1, look.solid)
        paint_icon(painter, QRect(20, 12, 20, 20), look.icon, look.solid)
        painter.end()
