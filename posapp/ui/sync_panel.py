"""The panel under the sync pill: how each shop stands, what waits, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from posapp.storage.rows import SyncSummary
from posapp.ui import fonts
from posapp.ui.sync_words import (
    PillView,
    ShopState,
    overall_sentence,
    shop_sentence,
    shop_word,
    skew_sentence,
)
from posapp.ui.widgets.buttons import Button, primary_button, secondary_button
from posapp.ui.widgets.card import Card, Divider, Icon, KeyValue
from posapp.ui.widgets.text import PlainLabel

_WIDTH = 400
_ICONS = {
    "": ("cloud-check-fill", "ok"),
    "connecting": ("cloud-fill", "text3"),
    "sign_in": ("warning-circle-fill", "danger"),
}


class SyncPanel(Card):
    """Opens under the pill and closes with Esc or a click elsewhere."""

    send_now = Signal()
    key_wanted = Signal(str)  # name of the shop

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, padding=18, spacing=10)
        self.setObjectName("syncPanel")
        self.setAccessibleName(self.tr("Sync"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(_WIDTH)
        self._opener: QWidget | None = None
        self._shown: object = None
        self._body = QVBoxLayout()
        self._body.setSpacing(10)
        self.column.addLayout(self._body)
        self.send_button = primary_button(self.tr("Send now"), key="F5", icon="arrows-clockwise", height=40)
        self.send_button.setObjectName("sendNowButton")
        self.send_button.clicked.connect(self.send_now)
        self.column.addWidget(self.send_button)
        self.hide()

    def show_state(
        self,
        view: PillView,
        states: Sequence[ShopState],
        summary: SyncSummary,
        lasts: Sequence[str],
        warning: str,
    ) -> None:
        """Show how things stand; `lasts` tells when each shop last answered, `warning` why nothing rings."""
        content = (view.state, tuple(states), summary, tuple(lasts), warning)
        if content == self._shown:
            return
        self._shown = content
        held = self._focus_name()
        self._clear()
        self._body.addWidget(
            PlainLabel(overall_sentence(view, summary.waiting), weight=fonts.SEMIBOLD, wrap=True)
        )
        for state, last in zip(states, lasts, strict=True):
            self._body.addWidget(Divider())
            self._body.addWidget(self._shop(state, last))
        if states:
            self._body.addWidget(Divider())
        self._add_counts(summary)
        if warning:
            self._body.addWidget(_remark("speaker-high-fill", warning, "warn"))
        self.send_button.setVisible(bool(states))
        self._refit()
        if held:
            self._give_focus(held)

    def open_under(self, pill: QWidget) -> None:
        """Open below the pill, its right edge at the pill's."""
        self._opener = pill
        self.show()
        self._refit()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def close_panel(self) -> None:
        """Close, and give the focus back."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        if self.isVisible():
            self.hide()
            if self._opener is not None:
                self._opener.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            inside = isinstance(watched, QWidget) and (watched is self or self.isAncestorOf(watched))
            if isinstance(watched, QWidget) and watched is not self._opener and not inside:
                self.close_panel()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def _refit(self) -> None:
        # A layout leaves out what has not been shown yet.
        for number in range(self._body.count()):
            item = self._body.itemAt(number)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.show()
        self.column.invalidate()
        self.column.activate()
        self.setFixedHeight(max(self.column.heightForWidth(_WIDTH), self.column.sizeHint().height()))
        around = self.parentWidget()
        if self._opener is not None and around is not None:
            corner = self._opener.mapTo(around, self._opener.rect().bottomRight() + QPoint(1, 1))
            self.move(corner.x() - _WIDTH, corner.y() + 8)

    def _clear(self) -> None:
        while self._body.count():
            item = self._body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _focus_name(self) -> str:
        focus = QApplication.focusWidget()
        inside = focus is not None and self.isAncestorOf(focus) and focus is not self.send_button
        return focus.objectName() if inside and focus is not None else ""

    def _give_focus(self, name: str) -> None:
        found = self.findChild(QWidget, name)
        (found or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _shop(self, state: ShopState, last: str) -> QWidget:
        row = QWidget()
        icon, tone = _ICONS.get(state.trouble, ("cloud-slash-fill", "warn"))
        words = QVBoxLayout()
        words.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(state.name, weight=fonts.SEMIBOLD, elide=True), 1)
        head.addWidget(PlainLabel(shop_word(state), px=13, weight=fonts.SEMIBOLD, tone=_text_tone(tone)))
        words.addLayout(head)
        for text in (shop_sentence(state), last):
            if text:
                words.addWidget(PlainLabel(text, px=13, tone="text2", wrap=True))
        if skew_sentence(state):
            words.addWidget(_remark("clock-countdown-fill", skew_sentence(state), "warn"))
        if state.trouble == "sign_in":
            words.addWidget(self._key_button(state.name), 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(Icon(icon, tone=tone), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return row

    def _key_button(self, name: str) -> Button:
        button = secondary_button(self.tr("Enter a new key"), icon="gear", height=36)
        button.setObjectName(f"newKey_{name}")
        button.clicked.connect(lambda: self.key_wanted.emit(name))
        return button

    def _add_counts(self, summary: SyncSummary) -> None:
        rows = (
            (self.tr("Changes on their way"), summary.waiting, "", True),
            (self.tr("Orders that the shop refused"), summary.failed, "danger_text", False),
            (self.tr("Orders changed on both sides"), summary.conflicts, "danger_text", False),
            (self.tr("Orders that could not be read"), summary.quarantined, "warn_text", False),
        )
        for name, count, tone, always in rows:
            if count or always:
                self._body.addWidget(KeyValue(name, str(count), tone=tone if count else ""))


def _text_tone(tone: str) -> str:
    return {"ok": "ok_text", "warn": "warn_text", "danger": "danger_text"}.get(tone, "text2")


def _remark(icon: str, text: str, tone: str) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(Icon(icon, size=16, tone=tone), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(PlainLabel(text, px=13, tone=f"{tone}_text", wrap=True), 1)
    return row
