"""A shop where people work, with something of everything to do, and hands that take every door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posapp import config_file
from posapp.app import App
from posapp.domain.discount import DiscountKind
from posapp.domain.people import Role
from posapp.domain.promo import MANAGERS, Promo
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.printing.printers import Printer
from posapp.services import counter, couriers, orders, people
from posapp.services.edits import save
from posapp.services.promos import save_promo
from posapp.storage.store import Store
from posapp.ui.main_window import MainWindow
from posapp.ui.people.approval import ApprovalDialog
from posapp.ui.people.lockscreen import LockScreen
from posapp.ui.people.persontile import PersonTile
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.widgets.dialog import Dialog
from tests.gui.sync import scene
from tests.gui.till.menu import fill
from tests.support.till import CASH, RULES, a_line, a_sale

W = TypeVar("W", bound=QWidget)
BOSS, BOSS_PIN, STATION = "Olga Petrova", "735928", "Counter 1"
PINS = {Role.COOK: "2580", Role.COUNTER: "1397", Role.COURIER_DESK: "8024", Role.MANAGER: BOSS_PIN}
NAMES = {Role.COOK: "Daniyar", Role.COUNTER: "Aigerim", Role.COURIER_DESK: "Marat", Role.MANAGER: BOSS}
ITSELF = Who("", STATION)
CTRL = Qt.KeyboardModifier.ControlModifier
# What changes by itself: signs in and out, wrong PINs, what the manager's PIN leaves, the seals of the audit.
_NOT_ACTS = frozenset({"sign_ins", "approvals", "pin_failures", "meta", "audit_chain"})
_WORDS = frozenset({"signed_in", "signed_out", "approved", "pin_wrong"})


@dataclass
class Walk:
    """The window, the hands, and what the doors work on."""

    app: App
    bot: QtBot
    clock: scene.ChosenClock
    folder: Path
    boss: Who = ITSELF
    number: int = 100
    given: Mapping[str, int] = field(default_factory=dict)

    # -- what is there -----------------------------------------------------------------------------------

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def window(self) -> MainWindow:
        return self.app.window

    def order(self, *steps: Status) -> int:
        """Let a shop's order come in, and let the office take it so far."""
        self.number += 1
        pk = scene.internal(self.store, self.number)
        for step in steps:
            orders.move(self.store, pk, step, self.boss)
        self.rest()
        return pk

    def sale(self, *, paid: bool = True) -> int:
        """Let the office sell something."""
        tenders = [CASH] if paid else []
        sold = counter.sell(self.store, a_sale(a_line("2890.00")), RULES, self.boss, tenders=tenders)
        self.rest()
        return sold.pk

    def fact(self, sql: str, *values: object) -> Any:
        row = self.store.one(sql, values)
        return row[0] if row is not None else None

    def status(self, pk: int) -> str:
        return str(self.fact("SELECT status FROM orders WHERE pk = ?", pk))

    def kinds(self) -> list[str]:
        return [row[0] for row in self.store.all("SELECT kind FROM events ORDER BY pk")]

    def footprint(self) -> list[object]:
        """Return all that is kept, but for who is there: in the database and in the settings."""
        names = [
            row[0]
            for row in self.store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not row[0].startswith(("sqlite_", "search"))
        ]
        kept: list[object] = [
            (name, sorted(map(repr, self.store.all(f"SELECT * FROM {name}"))))  # noqa: S608
            for name in names
            if name not in _NOT_ACTS | {"events", "staff"}
        ]
        entries = self.store.all("SELECT kind, actor, params FROM events ORDER BY pk")
        kept.append([entry for entry in entries if entry[0] not in _WORDS])
        kept.append(self.store.all("SELECT id, name, role FROM staff ORDER BY pk"))
        kept += [file.read_bytes() for file in sorted(self.folder.glob("*.toml"))]
        return kept

    def changed_since(self, before: list[object]) -> list[object]:
        """Return what is kept now and was not then."""
        pairs = zip(before, self.footprint(), strict=True)
        return [now[-3:] if isinstance(now, list) else now for then, now in pairs if then != now]

    # -- hands -------------------------------------------------------------------------------------------

    def rest(self) -> None:
        assert self.app.wait_idle(15)

    def until(self, done: Callable[[], bool]) -> None:
        self.bot.waitUntil(done, timeout=10_000)

    def find(self, kind: type[W], name: str) -> W:
        shown = [each for each in self.window.findChildren(Dialog) if each.isVisible()]
        for place in (*reversed(shown), self.window):
            for found in place.findChildren(kind, name):
                if found.isVisible():
                    return found
        raise AssertionError(name)

    def click(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        assert button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
        self.rest()

    def key(self, *keys: Qt.Key | str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            target = QApplication.focusWidget() or self.window
            QTest.keyClicks(target, key) if isinstance(key, str) else QTest.keyClick(target, key, held)
        self.rest()

    def type_into(self, name: str, text: str) -> QLineEdit:
        edit = self.find(QLineEdit, name)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        self.rest()
        return edit

    def show(self, screen: str) -> None:
        self.window.open_screen(screen)
        self.rest()

    def show_settings(self, section: str) -> None:
        self.window.open_settings(section)
        self.rest()

    def open_order(self, pk: int) -> None:
        """Open an order on its screen, without taking notice of it."""
        self.show("orders")
        page = cast(OrdersPage, self.window.page)
        page.select_order(pk, by_person=False)
        page.setFocus()
        self.rest()
        self.until(lambda: not page._desk.guarded)

    # -- people ------------------------------------------------------------------------------------------

    def hire(self) -> None:
        """Let one of each role work here; the manager is in the office, at a station of its own."""
        boss = people.add_person(self.store, BOSS, Role.MANAGER, BOSS_PIN, ITSELF)
        self.boss = people.sign_in(self.store, boss.id, BOSS_PIN, "Office").who
        for role in (Role.COOK, Role.COUNTER, Role.COURIER_DESK):
            people.add_person(self.store, NAMES[role], role, PINS[role], self.boss)
        self.until(lambda: len(self.window.people.people) == len(NAMES))
        self.rest()

    def come(self, role: Role) -> None:
        """Let the person of a role sign in at the window."""
        lock = self.window.findChild(LockScreen)
        assert lock is not None
        if not lock.isVisible():
            self.key(Qt.Key.Key_L, held=CTRL)
        tile = next(one for one in lock.findChildren(PersonTile) if one.person.name == NAMES[role])
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
        self.key(PINS[role])
        assert not lock.isVisible()

    @property
    def approval(self) -> ApprovalDialog | None:
        """Return what asks for a manager, if anything does."""
        self.rest()
        shown = [one for one in self.window.findChildren(ApprovalDialog) if one.isVisible()]
        assert len(shown) <= 1
        return shown[0] if shown else None

    def close_dialogs(self) -> None:
        for dialog in reversed(self.window.findChildren(Dialog)):
            if dialog.isVisible():
                dialog.reject()
        self.rest()


def open_shop(bot: QtBot, folder: Path) -> Walk:
    """Build the window over a shop with what cannot be made while people work there."""
    data, clock = folder / "data", scene.ChosenClock()
    store = scene.fresh_store(data, clock)
    fill(store, scene.ANNA)
    stopped = scene.internal(store, 50, Status.ACCEPTED, Status.COOKING)
    scene.settle(store, stopped)
    scene.cancel_there(store, stopped)
    refused = scene.staff(store, 70)
    save(store, refused, {"district": "Mustang"}, scene.ANNA, scene.ZONE)
    scene.refuse(store, refused, "district: We do not deliver to Mustang.")
    given = {"conflict": scene.conflict_of_five(store), "cancelled": stopped, "refused": refused}
    family = Promo("Family", DiscountKind.PERCENT, Decimal(10), role=MANAGERS)
    save_promo(store, family, "KZT", scene.ANNA)
    couriers.add(store, "Bauyrzhan", scene.ANNA)
    store.close_thread()
    paper = Printer("front", str(folder / "paper.bin"), kind="file", drawer=True, roles=("receipt",))
    config_file.save_printer(data, paper)
    for key, value in (("discount_limit", 20), ("difference_limit", 500), ("currency", "KZT")):
        config_file.save_setting(data, "sales", key, value)
    app = scene.start(data, clock)
    app.open()
    app.window.show()
    app.window.activateWindow()
    walk = Walk(app, bot, clock, data, given=given)
    walk.rest()
    walk.hire()
    return walk
