"""The inputs of an editor's fields: each holds a text, tells of a person's changes and of being left."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.districts import find_districts
from posapp.domain.money import currency_of
from posapp.domain.rules import FieldKind, FieldRule
from posapp.ui import fonts
from posapp.ui.editor.layout import label_of
from posapp.ui.editor.values import shown_moment
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.options import DropDown, Option
from posapp.ui.widgets.paintkit import draw_text, smooth
from posapp.ui.widgets.segmented import Segmented

_LATER = timedelta(hours=1)
_QUARTER = 15
_QUARTERS_AHEAD = 16
_ICONS = {"cash": "money-fill", "card": "credit-card-fill"}


class FieldInput(QWidget):
    """What every input is: `typed` tells the new text, `left` that the person went on."""

    typed = Signal(str)
    left = Signal()

    def __init__(self, rule: FieldRule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)

    @property
    def target(self) -> QWidget:
        """Return the widget that takes the focus and is named after the field."""
        raise NotImplementedError

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops."""
        return (self.target,)

    def text(self) -> str:
        """Return what stands in it."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Show another text, without telling anybody."""
        raise NotImplementedError

    def set_invalid(self, *, invalid: bool) -> None:
        """Wear the border of a wrong entry, or not."""

    def _own(self, widget: QWidget) -> None:
        widget.setObjectName(f"editor_{self.rule.name}")
        widget.setAccessibleName(label_of(self.rule))
        self.setFocusProxy(widget)


class _Line(TextInput):
    """A line that tells when it is left, and paints what belongs to its right end."""

    left = Signal()
    opened = Signal()  # a click or Arrow down, where a list belongs to it

    def __init__(self, *, suffix: str = "", caret: bool = False) -> None:
        super().__init__("")
        self._suffix, self._caret = suffix, caret
        self._make_room(invalid=False)

    def set_invalid(self, *, invalid: bool) -> None:
        super().set_invalid(invalid=invalid)
        self._make_room(invalid=invalid)

    def _make_room(self, *, invalid: bool) -> None:
        room = 24 if self._caret else fonts.text_width(self._suffix, current_theme().px(13)) + 8
        own = room if self._caret or self._suffix else 0
        self.setTextMargins(0, 0, own + (28 if invalid else 0), 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._caret and event.button() == Qt.MouseButton.LeftButton and not self.hasSelectedText():
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._caret and event.key() == Qt.Key.Key_Down:
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._suffix and not self._caret:
            super().paintEvent(event)
            return
        # The sign of a wrong entry stands left of what is painted here.
        invalid = bool(self.property("invalid"))
        super(TextInput, self).paintEvent(event)
        theme = current_theme()
        painter = smooth(self)
        edge, middle = self.width() - 11, self.height() // 2
        if self._caret:
            paint_icon(painter, QRect(edge - 15, middle - 8, 16, 16), "caret-down", theme.palette.text2)
            edge -= 22
        else:
            width = fonts.text_width(self._suffix, theme.px(13)) + 1
            painter.setFont(theme.font(13))
            box = QRect(edge - width, 0, width, self.height())
            draw_text(painter, box, self._suffix, Qt.AlignmentFlag.AlignRight, theme.palette.text2)
            edge -= width + 6
        if invalid:
            icon = QRect(edge - 18, middle - 9, 18, 18)
            paint_icon(painter, icon, "warning-circle-fill", theme.palette.danger)
        painter.end()


class LineField(FieldInput):
    """A text, an email address, a number, an amount."""

    def __init__(self, rule: FieldRule, *, suffix: str = "", caret: bool = False) -> None:
        super().__init__(rule)
        self.line = _Line(suffix=suffix, caret=caret)
        self._own(self.line)
        self._row.addWidget(self.line, 1)
        self.line.textEdited.connect(self.typed)
        self.line.left.connect(self.left)

    @property
    def target(self) -> QWidget:
        return self.line

    def text(self) -> str:
        return self.line.text()

    def set_text(self, text: str) -> None:
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def set_invalid(self, *, invalid: bool) -> None:
        self.line.set_invalid(invalid=invalid)


class DistrictField(LineField):
    """A district: typing shows those that may be meant, a click or Arrow down shows them all."""

    def __init__(self, rule: FieldRule) -> None:
        super().__init__(rule, caret=True)
        self.line.setPlaceholderText(self.tr("Select district"))
        self.list = DropDown(self.tr("Districts"), self.line)
        self.list.setObjectName("districtList")
        self.list.chosen.connect(self._chosen)
        self.line.textEdited.connect(self._offer)
        self.line.opened.connect(self._toggle)

    def _offer(self, text: str) -> None:
        found = find_districts(text)
        options = [Option(name, value=name) for name in found]
        # The first one is marked only where somebody typed, so that Enter and Tab take it.
        self.list.offer(options, current=0 if text.strip() else -1)

    def _toggle(self) -> None:
        if self.list.isVisible():
            self.list.hide()
        else:
            self._show_all()

    def _show_all(self) -> None:
        names = find_districts("")
        current = names.index(self.text()) if self.text() in names else -1
        self.list.offer([Option(name, value=name) for name in names], current=current)

    def _chosen(self, option: Option) -> None:
        self.line.setText(option.text)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.typed.emit(option.text)


class ChoiceField(FieldInput):
    """A choice among two or three."""

    def __init__(self, rule: FieldRule) -> None:
        super().__init__(rule)
        pairs = list(zip(rule.choices, rule.choice_labels, strict=True))
        if rule.name == "payment_method":
            pairs.reverse()
        if len(pairs) == 1:
            # The one way to pay that this shop knows.
            pairs = [(pairs[0][0], self.tr("Cash"))]
        choices = [(str(value), label, _ICONS.get(value, "")) for value, label in pairs]
        self.segments = Segmented(label_of(rule), choices)
        self._own(self.segments)
        self._row.addWidget(self.segments, 1)
        self.segments.valueChanged.connect(self._choose)

    @property
    def target(self) -> QWidget:
        return self.segments

    @property
    def stops(self) -> tuple[QWidget, ...]:
        return self.segments.segments

    def text(self) -> str:
        return self.segments.value()

    def set_text(self, text: str) -> None:
        self.segments.set_value(text)

    def _choose(self, value: str) -> None:
        self.typed.emit(value)
        self.left.emit()


class WhenField(FieldInput):
    """Now, or later at a time that is typed or taken from a list."""

    def __init__(self, rule: FieldRule, now: datetime, zone: ZoneInfo) -> None:
        super().__init__(rule)
        self._now, self._zone = now, zone
        choices = (
            ("now", self.tr("Now"), "lightning-fill"),
            ("later", self.tr("Later"), "clock-clockwise-fill"),
        )
        self.segments = Segmented(label_of(rule), choices)
        self.segments.setObjectName("editorWhen")
        self.line = _Line(caret=True)
        self._own(self.line)
        self.setFocusProxy(self.segments)
        self.line.setAccessibleName(self.tr("Due time"))
        self.list = DropDown(self.tr("Times"), self.line)
        self.list.setObjectName("dueList")
        self.list.chosen.connect(self._take)
        self._row.addWidget(self.segments, 1)
        self._row.addWidget(self.line, 1)
        self.segments.valueChanged.connect(self._switch)
        self.line.textEdited.connect(self.typed)
        self.line.left.connect(self.left)
        self.line.opened.connect(self._show_times)

    @property
    def target(self) -> QWidget:
        return self.segments if self.line.isHidden() else self.line

    @property
    def stops(self) -> tuple[QWidget, ...]:
        return (*self.segments.segments, self.line)

    def text(self) -> str:
        return "" if self.segments.value() == "now" else self.line.text()

    def set_text(self, text: str) -> None:
        self.segments.set_value("later" if text else "now")
        self.line.setText(text)
        self.line.setVisible(bool(text))

    def set_invalid(self, *, invalid: bool) -> None:
        self.line.set_invalid(invalid=invalid)

    def _switch(self, value: str) -> None:
        later = value == "later"
        self.line.setVisible(later)
        if later and not self.line.text():
            self.line.setText(shown_moment(self._soon(), self._now, self._zone))
        if later:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.line.selectAll()
        self.typed.emit(self.text())

    def _soon(self) -> datetime:
        """Return the quarter hour that is at least an hour away."""
        local = (self._now + _LATER).astimezone(self._zone).replace(second=0, microsecond=0)
        return local + timedelta(minutes=-local.minute % _QUARTER)

    def _show_times(self) -> None:
        if self.list.isVisible():
            self.list.hide()
            return
        first = self._soon() - _LATER
        times = [first + n * timedelta(minutes=_QUARTER) for n in range(1, _QUARTERS_AHEAD * 2)]
        words = [shown_moment(moment, self._now, self._zone) for moment in times]
        current = words.index(self.line.text()) if self.line.text() in words else -1
        self.list.offer([Option(word, value=word) for word in words], current=current)

    def _take(self, option: Option) -> None:
        self.line.setText(option.text)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.typed.emit(option.text)


def make_input(rule: FieldRule, currency: str, now: datetime, zone: ZoneInfo) -> FieldInput:
    """Return the input that fits a field."""
    match rule.kind:
        case FieldKind.INSTANT if rule.name == "due_at":
            return WhenField(rule, now, zone)
        case FieldKind.AMOUNT:
            return LineField(rule, suffix=currency_of(currency).symbol)
    if rule.choices and len(rule.choices) > 3:
        return DistrictField(rule)
    if rule.choices:
        return ChoiceField(rule)
    return LineField(rule)
