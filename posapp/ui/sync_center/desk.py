"""The conflict desk: what both sides changed, a choice for each, and what the choices come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.outbox import STATUS
from posapp.services.conflict_case import MINE, THEIRS, ConflictCase, outcome, preselected
from posapp.ui import fonts
from posapp.ui.delegates.age import clock_text
from posapp.ui.sync_center import words
from posapp.ui.sync_center.choice import ChoiceRow
from posapp.ui.sync_center.result import ResultLine, result_text
from posapp.ui.sync_center.twoends import TwoEnds
from posapp.ui.theme import current_theme
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import ButtonLook, primary_button, quiet_button, secondary_button
from posapp.ui.widgets.card import Divider, Icon
from posapp.ui.widgets.chip import Chip
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import field_label

_LABEL = 140


class ConflictDesk(QWidget):
    """Shows one case; `applied` gives it with the choices, the other signals are its further buttons."""

    applied = Signal(object, object)  # ConflictCase, dict of choices
    open_wanted = Signal(int)
    call_wanted = Signal(object)  # ConflictCase

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conflictDesk")
        self._now, self._zone = now, ZoneInfo("UTC")
        self.case: ConflictCase | None = None
        self.choices: dict[str, str] = {}
        self._kept: dict[int, tuple[ConflictCase, dict[str, str]]] = {}
        self.rows: dict[str, ChoiceRow] = {}
        self._make_head()
        self._make_foot()
        self._lay_out()

    # ------------------------------------------------------------------------------------------ building

    def _make_head(self) -> None:
        self._title = PlainLabel("", px=20, weight=fonts.BOLD)
        self._title.setObjectName("conflictTitle")
        self._chip = Chip.of_sync("conflict")
        self._sentence = PlainLabel("", px=13, tone="text2", wrap=True)
        self._sentence.setObjectName("conflictSentence")
        self.call_button = secondary_button(self.tr("Call the customer"), icon="phone", height=40)
        self.call_button.setObjectName("callCustomerButton")
        self.call_button.clicked.connect(self._call)
        self.open_button = quiet_button(self.tr("Open order"), key="O", height=40)
        self.open_button.setObjectName("conflictOpenButton")
        self.open_button.clicked.connect(self._open)
        self._mine_head = PlainLabel(self.tr("This PC"), weight=fonts.BOLD, px=15)
        self._mine_who = PlainLabel("", px=13, tone="text2", elide=True)
        self._mine_who.setObjectName("conflictMine")
        self._theirs_head = PlainLabel(self.tr("Shop"), weight=fonts.BOLD, px=15)
        self._theirs_who = PlainLabel("", px=13, tone="text2", elide=True)
        self._theirs_who.setObjectName("conflictTheirs")

    def _make_foot(self) -> None:
        self.result = ResultLine()
        self.mine_button = secondary_button("", key="1", height=48)
        self.mine_button.setObjectName("allMineButton")
        self.mine_button.clicked.connect(lambda: self.choose_all(MINE))
        self.theirs_button = secondary_button("", key="2", height=48)
        self.theirs_button.setObjectName("allTheirsButton")
        self.theirs_button.clicked.connect(lambda: self.choose_all(THEIRS))
        self.apply_button = primary_button("", icon="check-bold", key="Ctrl+Enter", height=48)
        self.apply_button.setObjectName("applyChoicesButton")
        self.apply_button.clicked.connect(self.apply)

    def _lay_out(self) -> None:
        named = (Icon("git-diff-fill", size=22, tone="text2"), self._title, self._chip)
        head = TwoEnds(named, (self.call_button, self.open_button))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._scroll = plain_area(inside)
        foot = TwoEnds((self.mine_button, self.theirs_button), (self.apply_button,))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 12, 18, 16)
        whole.setSpacing(8)
        whole.addWidget(head)
        whole.addWidget(self._sentence)
        whole.addWidget(Divider())
        whole.addLayout(self._heads())
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.result)
        whole.addWidget(foot)

    def _heads(self) -> QGridLayout:
        heads = QGridLayout()
        heads.setHorizontalSpacing(10)
        heads.setVerticalSpacing(0)
        beside = QWidget()
        beside.setFixedWidth(current_theme().px(_LABEL))
        heads.addWidget(beside, 0, 0)
        for column, (icon, title, who) in enumerate(
            (
                ("desktop-fill", self._mine_head, self._mine_who),
                ("cloud-fill", self._theirs_head, self._theirs_who),
            ),
            start=1,
        ):
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(Icon(icon, size=18))
            line.addWidget(title, 1)
            heads.addLayout(line, 0, column)
            heads.addWidget(who, 1, column)
            heads.setColumnStretch(column, 1)
        return heads

    # ------------------------------------------------------------------------------------------- showing

    def show_case(self, case: ConflictCase, zone: ZoneInfo) -> None:
        """Show a case; what was chosen before stays as long as it is about the same."""
        self._zone = zone
        known, choices = self._kept.get(case.pk, (None, {}))
        if known is None or known.fields != case.fields:
            choices = preselected(case)
        other = self.case is None or (self.case.pk, self.case.fields) != (case.pk, case.fields)
        self.case, self.choices = case, choices
        self._kept[case.pk] = (case, choices)
        if other:
            self._make_rows(case)
        self._show_head(case)
        self._show_choices()

    def forget(self, pk: int) -> None:
        """Forget what was chosen for an order, because it was applied."""
        self._kept.pop(pk, None)
        if self.case is not None and self.case.pk == pk:
            self.case = None

    def _show_head(self, case: ConflictCase) -> None:
        now, zone = self._now(), self._zone
        self._title.setText(self.tr("Order %1").replace("%1", words.code_word(case.code)))
        self._sentence.setText(self._told(case))
        here = words.who_text(case.here_by, case.here_station)
        when = clock_text(case.here_at, now, zone)
        self._mine_who.setText(" · ".join(part for part in (here, when) if part))
        seen = (
            self.tr("seen at %1").replace("%1", clock_text(case.seen_at, now, zone)) if case.seen_at else ""
        )
        self._theirs_who.setText(" · ".join(part for part in (case.remote, seen) if part))
        self.call_button.setVisible(bool(case.phone))
        stop_or_go = case.cancelled_there and len(case.fields) == 1
        self.mine_button.setText(self.tr("Continue") if stop_or_go else self.tr("Keep all mine"))
        self.theirs_button.setText(self.tr("Stop") if stop_or_go else self.tr("Take all of the shop's"))

    def _told(self, case: ConflictCase) -> str:
        if case.cancelled_there:
            words_by_status = {
                "cooking": self.tr("It was cancelled at the shop while it is being cooked here."),
                "ondelivery": self.tr("It was cancelled at the shop while it is on the road."),
            }
            text = words_by_status.get(case.status, self.tr("It was cancelled at the shop and goes on here."))
            return f"{text} {self.tr('Nothing is sent until you decide.')}"
        text = self.tr("Both sides changed this order. Choose what is right for each field.")
        merged = len(case.money.waiting)
        if merged == 1:
            text += " " + self.tr("1 other change is only yours and goes out by itself.")
        elif merged:
            text += " " + self.tr("%n other changes are only yours and go out by themselves.", "", merged)
        if case.behind:
            text += " " + self.tr("%1 more wait behind this.").replace("%1", str(case.behind))
        return text

    def _make_rows(self, case: ConflictCase) -> None:
        for row in self.rows.values():
            for widget in (row, *row.cells.values()):
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self.rows = {}
        now = self._now()
        for place, field in enumerate(case.fields):
            row = ChoiceRow(field.name, self)
            label = self.tr("Status") if field.name == STATUS else field_label(field.name)
            was = words.was_text(case, field, now, self._zone)
            row.show_label(label, self.tr("was %1").replace("%1", was) if was else "")
            for side, value in ((MINE, field.ours), (THEIRS, field.theirs)):
                where = self.tr("%1, this PC") if side == MINE else self.tr("%1, shop")
                text = words.value_text(case, field, value, now, self._zone)
                row.cells[side].show_value(
                    text, words.choice_note(case, field, side), where.replace("%1", label)
                )
            row.setFixedWidth(current_theme().px(_LABEL))
            row.chosen.connect(self.choose)
            self.rows[field.name] = row
            for column, widget in enumerate((row, row.cells[MINE], row.cells[THEIRS])):
                self._grid.addWidget(widget, place, column)
        self._scroll.verticalScrollBar().setValue(0)

    # ------------------------------------------------------------------------------------------ choosing

    def choose(self, name: str, side: str) -> None:
        """Choose a side of a field."""
        if name in self.rows:
            self.choices[name] = side
            self._show_choices()

    def choose_all(self, side: str) -> None:
        """Choose one side for everything."""
        if self.case is not None:
            self.choices.update(dict.fromkeys(self.rows, side))
            self._show_choices()

    def apply(self) -> None:
        """Apply the choices; what is not chosen yet is shown instead."""
        if self.case is None:
            return
        missing = [name for name in self.rows if name not in self.choices]
        if missing:
            self.rows[missing[0]].cells[MINE].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.applied.emit(self.case, dict(self.choices))

    def _show_choices(self) -> None:
        case = self.case
        if case is None:
            return
        for name, row in self.rows.items():
            row.put(self.choices.get(name, ""))
        count = len(self.rows)
        ready = len(self.choices.keys() & self.rows.keys()) == count
        one = self.tr("Apply 1 choice")
        text = one if count == 1 else self.tr("Apply %n choices", "", count)
        self.apply_button.setText(text if ready else self.tr("Choose one side"))
        self.apply_button.set_look(ButtonLook.PRIMARY if ready else ButtonLook.SECONDARY)
        self.result.show_words(*result_text(case, outcome(case, self.choices), decided=ready))

    def cells(self) -> list[list[QWidget]]:
        """Return the cells by row, for walking with the keys."""
        return [[row.cells[MINE], row.cells[THEIRS]] for row in self.rows.values()]

    def walk(self, down: int, across: int) -> bool:
        """Move the focus among the cells; tell whether it was there."""
        cells = self.cells()
        for place, pair in enumerate(cells):
            for side, cell in enumerate(pair):
                if cell.hasFocus():
                    row = max(0, min(len(cells) - 1, place + down))
                    self._focus(cells[row][max(0, min(1, side + across))])
                    return True
        return False

    def enter(self) -> bool:
        """Go to the chosen cell of the first field; tell whether there is one."""
        if not self.rows:
            return False
        first = next(iter(self.rows.values()))
        self._focus(first.cells[self.choices.get(first.name, MINE)])
        return True

    def _focus(self, cell: QWidget) -> None:
        cell.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(cell, 0, 12)

    def _open(self) -> None:
        if self.case is not None:
            self.open_wanted.emit(self.case.pk)

    def _call(self) -> None:
        if self.case is not None:
            self.call_wanted.emit(self.case)
