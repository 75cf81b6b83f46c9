"""Who called before: a list under the telephone number while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QLocale, QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from posapp.storage.customers import CustomerHit, find_customers
from posapp.ui.context import Context
from posapp.ui.widgets.options import DropDown, Option

_PAUSE_MS = 120
_WIDTH = 440


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer who was chosen, with the address to reuse (empty: none)."""

    phone: str
    name: str
    parts: Mapping[str, str] = field(default_factory=dict)


class CallerList(QObject):
    """Looks up what is typed, after a short pause; `chosen` tells whom a person means. Nothing is merged."""

    chosen = Signal(object)  # Caller

    def __init__(self, ctx: Context, line: QLineEdit, but_not: int) -> None:
        super().__init__(line)
        self._ctx, self._line, self._but_not = ctx, line, but_not
        self._question = 0
        self.list = DropDown(self.tr("Earlier customers"), line, least_width=_WIDTH)
        self.list.setObjectName("customerList")
        self.list.chosen.connect(lambda option: self.chosen.emit(option.value))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        line.textEdited.connect(lambda _text: self._pause.start())

    def _ask(self) -> None:
        self._question += 1
        question, store, text, but_not = self._question, self._ctx.store, self._line.text(), self._but_not

        def done(hits: Sequence[CustomerHit]) -> None:
            if question == self._question and self._line.hasFocus():
                self.list.offer(self.options(hits, self._ctx.zone))

        self._ctx.tasks.run(lambda: find_customers(store, text, but_not=but_not), done, owner=self)

    def options(self, hits: Sequence[CustomerHit], zone: ZoneInfo) -> list[Option]:
        """Return an option for each address, or for the customer alone where none is known."""
        options: list[Option] = []
        for hit in hits:
            count = self.tr("1 order") if hit.orders == 1 else self.tr("%1 orders")
            date = hit.last_at.astimezone(zone).date()
            day = QLocale().toString(QDate(date.year, date.month, date.day), "d MMM yyyy")
            last = self.tr("last on %1").replace("%1", day)
            known = [count.replace("%1", str(hit.orders)), last]
            if hit.note:
                known.append(f"“{' '.join(hit.note.split())}”")
            title = " · ".join(part for part in (hit.name, hit.phone) if part)
            for address in hit.addresses:
                caller = Caller(hit.phone, hit.name, address.parts)
                more = " · ".join(known)
                options.append(Option(address.text, f"{title} · {more}", icon="map-pin", value=caller))
            if not hit.addresses:
                options.append(
                    Option(title, " · ".join(known), icon="user", value=Caller(hit.phone, hit.name))
                )
        return options
