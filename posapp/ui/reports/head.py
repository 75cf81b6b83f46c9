"""The head of the screen: sales, shift or history, the span, the filters, print and export."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from posapp.domain.report_span import SpanKind
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.paintkit import Painted, draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.segmented import Segmented

SALES, SHIFT, HISTORY = "sales", "shift", "history"
_GAP = 10


class FilterChip(QAbstractButton):
    """Says what is chosen and opens the list of choices; lit while it leaves something out."""

    chosen = Signal(str)

    def __init__(self, name: str, icon: str, all_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._icon, self._all = name, icon, all_words
        self._choices: tuple[tuple[str, str], ...] = ()
        self.value = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        self.offer(())

    def offer(self, choices: Sequence[tuple[str, str]], value: str = "") -> None:
        """Offer values with their words; a chosen one that is no longer there stays chosen."""
        self._choices, self.value = tuple(choices), value
        self.setAccessibleName(f"{self._name}: {self.words}")
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """Return what is chosen, in words."""
        if not self.value:
            return self._all
        return next((words for value, words in self._choices if value == self.value), self.value)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return what is offered."""
        return self._choices

    def open_menu(self) -> None:
        """Show the choices under the chip."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self._name)
        entries = (("", self._all), *self._choices) if self._all else self._choices
        for value, words in entries:
            action = menu.addAction(words.replace("&", "&&"))
            action.setObjectName(f"choose_{value}")
            action.setCheckable(True)
            action.setChecked(value == self.value)
            action.triggered.connect(lambda _on=False, value=value: self.choose(value))
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def choose(self, value: str) -> None:
        """Choose a value, as a person does."""
        if value != self.value:
            self.offer(self._choices, value)
            self.chosen.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        words = fonts.text_width(self.words, theme.px(13), fonts.MEDIUM)
        return QSize(min(words, theme.px(150)) + theme.px(16) + 22, theme.px(32) if not theme.touch else 48)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        high = self.height() if theme.touch else theme.px(24)
        box = QRect(0, (self.height() - high) // 2, self.width(), high)
        if self.hasFocus():
            box = focus_ring(painter, self.rect(), theme.radius.chip, c.focus)
        back = c.accent_tint if self.value and self._all else c.hover if self.underMouse() else c.sunken
        ink = c.accent_text if self.value and self._all else c.text2
        edge = c.border_strong if self.underMouse() else None
        rounded(painter, box, theme.radius.chip, back, edge)
        side = theme.px(16)
        paint_icon(painter, QRect(8, self.height() // 2 - side // 2, side, side), self._icon, ink)
        painter.setFont(theme.font(13, fonts.MEDIUM))
        room = self.width() - side - 20
        words = painter.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room + 6)
        draw_text(
            painter, QRect(side + 14, 0, room + 8, self.height()), words, Qt.AlignmentFlag.AlignLeft, ink
        )
        painter.end()


class ReportHead(Painted):
    """Runs from left to right, in as many lines as it takes; print and export stand at the right."""

    tab_chosen = Signal(str)
    span_chosen = Signal(str)  # a SpanKind value
    changed = Signal()
    print_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tab = Segmented(
            self.tr("What to look at"),
            (
                (SALES, self.tr("Sales"), ""),
                (SHIFT, self.tr("Shift"), ""),
                (HISTORY, self.tr("History"), ""),
            ),
            self,
        )
        self.tab.setObjectName("reportTab")
        self.tab.set_value(SALES)
        self.span = Segmented(self.tr("Days"), self._spans(), self)
        self.span.setObjectName("reportSpan")
        self.brand = FilterChip(self.tr("Brand"), "storefront-fill", self.tr("All brands"), self)
        self.source = FilterChip(self.tr("Source"), "globe-fill", self.tr("All sources"), self)
        self.remote = FilterChip(self.tr("Shop"), "plugs-connected-fill", self.tr("All shops"), self)
        self.currency = FilterChip(self.tr("Currency"), "money-fill", "", self)
        for chip, name in (
            (self.brand, "Brand"), (self.source, "Source"), (self.remote, "Remote"),
            (self.currency, "Currency"),
        ):  # fmt: skip
            chip.setObjectName(f"report{name}")
            chip.chosen.connect(lambda _value: self.changed.emit())
        self.print_button = secondary_button(self.tr("Print"), icon="printer-fill", key="Ctrl+P")
        self.print_button.setObjectName("reportPrint")
        self.export_button = secondary_button(self.tr("Export CSV"), icon="download-simple")
        self.export_button.setObjectName("reportExport")
        for button in (self.print_button, self.export_button):
            button.setParent(self)
        self._sales_only = [self.span, self.brand, self.source, self.remote, self.currency]
        self._sales_only += [self.print_button, self.export_button]
        self.remote.hide()
        self.currency.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._connect()

    def _spans(self) -> tuple[tuple[str, str, str], ...]:
        return (
            (SpanKind.TODAY.value, self.tr("Today"), ""),
            (SpanKind.YESTERDAY.value, self.tr("Yesterday"), ""),
            (SpanKind.WEEK.value, self.tr("7 days"), ""),
            (SpanKind.MONTH.value, self.tr("30 days"), ""),
            (SpanKind.RANGE.value, self.tr("Range…"), ""),
        )

    def _connect(self) -> None:
        self.tab.valueChanged.connect(self.tab_chosen)
        self.span.valueChanged.connect(self.span_chosen)
        # Whoever is on a range already wants to choose another one.
        self.span.segments[-1].clicked.connect(self._range_again)
        self.print_button.clicked.connect(self.print_wanted)
        self.export_button.clicked.connect(self.export_wanted)
        self._range = False

    def _range_again(self) -> None:
        if self._range:
            self.span_chosen.emit(SpanKind.RANGE.value)

    def show_span(self, kind: SpanKind) -> None:
        """Mark the span that is shown."""
        self.span.set_value(kind.value)
        self._range = kind is SpanKind.RANGE

    def show_tab(self, tab: str) -> None:
        """Show what belongs to the sales, or only the choice of the side."""
        self.tab.set_value(tab)
        for widget in self._sales_only:
            widget.setVisible(tab == SALES and widget not in self._unneeded())
        self.arrange()

    def _unneeded(self) -> list[QWidget]:
        chips = ((self.remote, 1), (self.currency, 1), (self.brand, 1), (self.source, 1))
        return [chip for chip, least in chips if len(chip.choices) <= least and not self._narrowed(chip)]

    def _narrowed(self, chip: FilterChip) -> bool:
        if chip in (self.brand, self.source):
            return True  # they are always in their place
        return bool(chip.value) and chip is not self.currency

    def arrange(self) -> int:
        """Place everything; return the height that it takes."""
        theme = current_theme()
        high = theme.control
        right = self.width()
        for button in (self.export_button, self.print_button):
            if not button.isHidden():
                size = button.sizeHint()
                right -= size.width()
                button.setGeometry(right, 0, size.width(), high)
                right -= _GAP
        left, top, room = 0, 0, right
        for widget in (self.tab, self.span, self.remote, self.brand, self.source, self.currency):
            if widget.isHidden():
                continue
            size = self._size_of(widget)
            if left and left + size.width() > room:
                left, top, room = 0, top + high + 6, self.width()
            widget.setGeometry(left, top + (high - size.height()) // 2, size.width(), size.height())
            left += size.width() + _GAP
        if self.minimumHeight() != top + high:
            self.setFixedHeight(top + high)
        return top + high

    def _size_of(self, widget: QWidget) -> QSize:
        if widget is self.span:
            # Each segment as wide as its words, as in the design: five equal ones are too wide.
            row, wide = self.span.layout(), [each.sizeHint().width() - 4 for each in self.span.segments]
            if isinstance(row, QHBoxLayout):
                for number, each in enumerate(wide):
                    row.setStretch(number, each)
            return QSize(sum(wide) + 16, current_theme().control)
        return widget.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return done
