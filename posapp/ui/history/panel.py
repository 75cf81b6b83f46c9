"""The third side of the Reports: the audit with its filters, the state of its chain, and the table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.due import start_of_day
from posapp.domain.errors import PosError
from posapp.domain.report_summary import BOM, harmless
from posapp.services.audit import AuditReport, verify
from posapp.services.exporting import check_export
from posapp.storage.audit_log import (
    AuditFilter,
    AuditPage,
    AuditRow,
    Sealed,
    audit_page,
    audit_people,
    audit_stations,
    sealed,
)
from posapp.ui.aside import Aside
from posapp.ui.context import Context
from posapp.ui.history.list import HistoryList, HistoryModel
from posapp.ui.history.words import GROUPS, entry_text, group_words, who_text
from posapp.ui.reports.export import write_csv
from posapp.ui.reports.head import FilterChip
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel

_MOST_EXPORTED = 200_000
_DAYS = {"today": (0, 1), "yesterday": (1, 1), "week": (6, 7), "month": (29, 30)}


class HistoryPanel(QWidget):
    """Reads only while it is shown; older entries come as somebody scrolls."""

    order_wanted = Signal(int)

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.setObjectName("historyPanel")
        self._ctx = ctx
        self._token, self._reading = 0, False
        self._before: int | None = None
        self._checking = Aside(self)
        self.rows = HistoryModel(self._said)
        self.list = HistoryList(self.rows)
        self.list.order_wanted.connect(self.order_wanted)
        self.list.end_reached.connect(self._more)
        self.foot = PlainLabel("", px=13, tone="text2")
        self.foot.setObjectName("historyFoot")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._filters())
        column.addLayout(self._chain())
        column.addWidget(self.list, 1)
        column.addWidget(self.foot)

    def _filters(self) -> QHBoxLayout:
        self.person = FilterChip(self.tr("Person"), "user-fill", self.tr("Everybody"), self)
        self.station = FilterChip(self.tr("Station"), "storefront-fill", self.tr("All stations"), self)
        self.kind = FilterChip(self.tr("What"), "list-bullets-fill", self.tr("Everything"), self)
        self.day = FilterChip(self.tr("Days"), "clock-clockwise-fill", self.tr("All days"), self)
        self.kind.offer(group_words())
        self.day.offer(
            (
                ("today", self.tr("Today")),
                ("yesterday", self.tr("Yesterday")),
                ("week", self.tr("7 days")),
                ("month", self.tr("30 days")),
            )
        )
        self.code = TextInput(placeholder=self.tr("Order number"))
        self.code.setObjectName("historyCode")
        self.code.setAccessibleName(self.tr("Order number"))
        self.code.setMaxLength(16)
        self.code.setFixedWidth(current_theme().px(160))
        self.code.editingFinished.connect(self._changed)
        row = QHBoxLayout()
        row.setSpacing(10)
        chips = (self.person, self.station, self.kind, self.day)
        for chip, name in zip(chips, ("Person", "Station", "Kind", "Day"), strict=True):
            chip.setObjectName(f"history{name}")
            chip.chosen.connect(lambda _value: self.refresh())
            row.addWidget(chip)
        row.addWidget(self.code)
        row.addStretch(1)
        return row

    def _chain(self) -> QHBoxLayout:
        self.state = PlainLabel("", px=13, tone="text2", elide=True)
        self.state.setObjectName("historySealed")
        self.verify_button = secondary_button(self.tr("Verify now"), icon="seal-check-fill")
        self.verify_button.setObjectName("historyVerify")
        self.verify_button.clicked.connect(self.verify)
        self.export_button = secondary_button(self.tr("Export CSV"), icon="download-simple")
        self.export_button.setObjectName("historyExport")
        self.export_button.clicked.connect(self._ask_file)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.state, 1)
        row.addWidget(self.verify_button)
        row.addWidget(self.export_button)
        return row

    # ------------------------------------------------------------------------------------------ reading

    def chosen(self) -> AuditFilter:
        """Return what is chosen."""
        since: datetime | None = None
        until: datetime | None = None
        if self.day.value:
            back, days = _DAYS[self.day.value]
            now = self._ctx.clock()
            since = start_of_day(now - timedelta(days=back), self._ctx.zone)
            until = start_of_day(since + timedelta(days=days, hours=2), self._ctx.zone)
        return AuditFilter(
            self.person.value,
            self.station.value,
            GROUPS.get(self.kind.value, ()),
            self.code.text().strip(),
            since,
            until,
        )

    def _changed(self) -> None:
        if self.code.isModified():
            self.code.setModified(False)
            self.refresh()

    def refresh(self) -> None:
        """Read the newest entries."""
        store = self._ctx.store
        self._token += 1
        self.rows.clear()
        self._read(None)

        def work() -> tuple[Sealed, tuple[str, ...], tuple[str, ...]]:
            return sealed(store), audit_people(store), audit_stations(store)

        self._ctx.tasks.run(work, lambda found: self._put_head(*found), owner=self)

    def _more(self) -> None:
        if self._before is not None and not self._reading:
            self._read(self._before)

    def _read(self, before: int | None) -> None:
        store, chosen, token = self._ctx.store, self.chosen(), self._token
        self._reading = True
        self._ctx.tasks.run(
            lambda: audit_page(store, chosen, before), lambda page: self._put(token, page), owner=self
        )

    def _put(self, token: int, page: AuditPage) -> None:
        if token != self._token:
            return
        self._reading, self._before = False, page.before
        self.rows.append(page.rows)
        count = self.rows.rowCount()
        if page.before is None:
            words = self.tr("Nothing was found.") if not count else self.tr("%1 entries, all of them")
        else:
            words = self.tr("%1 entries so far; older ones come as you scroll")
        self.foot.setText(words.replace("%1", f"{count:,}"))
        # What is chosen may be rare: go on until the list is full or at its end.
        if page.before is not None and count < 50 and self.isVisible():
            self._read(page.before)

    def _put_head(self, found: Sealed, people: tuple[str, ...], stations: tuple[str, ...]) -> None:
        self.person.offer([(name, name) for name in people], self.person.value)
        self.station.offer([(name, name) for name in stations], self.station.value)
        self.person.setVisible(bool(people))
        if not self._checking.busy:
            self.state.set_tone("text2")
            self.state.setText(self._sealed_text(found.at))

    def _sealed_text(self, at: datetime | None) -> str:
        if at is None:
            return self.tr("Nothing is sealed yet")
        return self.tr("Sealed to %1").replace("%1", self._when(at))

    def _when(self, at: datetime) -> str:
        return f"{at.astimezone(self._ctx.zone):%d.%m. %H:%M:%S}"

    def _said(self, row: AuditRow) -> tuple[str, str, str]:
        ctx = self._ctx
        what = entry_text(row.event, ctx.clock(), ctx.zone)
        return self._when(row.event.at), what, who_text(row.event)

    # ------------------------------------------------------------------------------------------ the chain

    def verify(self) -> None:
        """Go through the whole chain in a thread of its own."""
        if self._checking.busy:
            return
        store = self._ctx.store
        self.verify_button.setEnabled(False)
        self.state.set_tone("text2")
        self.state.setText(self.tr("Checking every entry…"))

        def work() -> tuple[AuditReport, Sealed] | PosError:
            try:
                return verify(store), sealed(store)
            except PosError as error:
                return error
            finally:
                store.close_thread()

        self._checking.run(work, self._verified)

    def _verified(self, found: tuple[AuditReport, Sealed] | PosError) -> None:
        self.verify_button.setEnabled(True)
        if isinstance(found, PosError):
            self._ctx.problem.emit(found)
            self.refresh()
            return
        report, chain = found
        if report.problem:
            self.state.set_tone("danger_text")
            self.state.setText(self.tr("Broken: %1").replace("%1", report.problem))
            return
        words = self.tr("%1 · verified, %2 entries").replace("%1", self._sealed_text(chain.at))
        self.state.set_tone("ok_text")
        self.state.setText(words.replace("%2", f"{report.sealed:,}"))

    # ------------------------------------------------------------------------------------------- the table

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export CSV"), "posapp-history.csv", "CSV (*.csv)"
        )
        if name:
            self.export(name)

    def export(self, path: str) -> None:
        """Write what is chosen as a table; that is an entry itself."""
        ctx, who, chosen = self._ctx, self._ctx.who, self.chosen()
        said = self.tr("Saved as %1").replace("%1", Path(path).name)

        def work() -> None:
            check_export(ctx.store, who, Path(path).name)
            write_csv(path, self._table(chosen))

        ctx.tasks.run(work, lambda _: self._exported(said), owner=self)

    def _exported(self, said: str) -> None:
        self._ctx.message.emit(said, None)
        self.refresh()

    def _table(self, chosen: AuditFilter) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(("entry", "at", "order", "kind", "what", "person", "station", "approved by"))
        for row in self._all(chosen):
            event = row.event
            texts = (
                row.code,
                event.kind,
                entry_text(event, event.at, self._ctx.zone),
                event.actor,
                event.station,
                event.params.get("approved_by", ""),
            )
            writer.writerow((row.pk, event.at.isoformat(), *(harmless(text) for text in texts)))
        return BOM + out.getvalue()

    def _all(self, chosen: AuditFilter) -> Iterator[AuditRow]:
        before: int | None = None
        count = 0
        while count < _MOST_EXPORTED:
            page = audit_page(self._ctx.store, chosen, before, limit=5000)
            yield from page.rows
            count += len(page.rows)
            before = page.before
            if before is None:
                return
