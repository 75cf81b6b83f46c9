"""A day of real work on a small database: every act a commit, and what the database holds after each."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from peewee import SqliteDatabase

from posapp.domain.errors import PosError, RefusedError
from posapp.domain.payment import Tender
from posapp.domain.people import Role
from posapp.domain.publish import Published
from posapp.domain.shift import Counted, MoveKind
from posapp.domain.status import Kind, PaymentMethod, Status, allowed_moves
from posapp.domain.who import Who
from posapp.services import catalogue, conflicts, counter, edits, orders, payments, people, shifts
from posapp.services.intake import take_in
from posapp.services.publishing import Shop, mark_sending, settle
from posapp.storage.backup import backup_database
from posapp.storage.catalogue import product
from posapp.storage.database import open_store
from posapp.storage.people import staff
from posapp.storage.publishing import open_product_rows
from posapp.storage.shifts import open_shift_of
from posapp.storage.store import Store, Transaction
from tests.support.shop_orders import ANNA, SOURCE, Clock, Ids, remote_order
from tests.support.till import RULES, a_line, a_sale, pizza
from tests.unit.sync.bench import CUT, Bench, refused
from tests.unit.sync.staff_bench import StaffBench

ZONE = ZoneInfo("Asia/Almaty")
SMALL_LOG = 24  # pages: many checkpoints in a short day (posapp's own is SQLite's 1,000)
_PIN = "583194"
# What differs between two runs of the same migration.
_UNSTEADY = frozenset({"schema_migration"})
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
)


def digest(database: SqliteDatabase, *, without: frozenset[str] = frozenset()) -> str:
    """Return a short word for all that a database holds, its search index included."""
    found = hashlib.sha256()
    connection = database.connection()
    for (name,) in connection.execute(_TABLES).fetchall():
        if name not in without:
            found.update(f"{name}: ".encode())
            found.update(repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode())  # noqa: S608
    return found.hexdigest()[:20]


def migrated_digest(database: SqliteDatabase) -> str:
    """Return a digest without the dates of migrations."""
    return digest(database, without=_UNSTEADY)


class NotedStore(Store):
    """The production store, which tells after each commit."""

    committed: Callable[[], None]

    @contextmanager
    def write(self, origin: str = "") -> Iterator[Transaction]:
        """Open the transaction of an act; of acts that are gathered, none is a commit of its own."""
        gathered = self.gathers
        with super().write(origin) as tx:
            yield tx
        if not gathered:
            self.committed()


def noted_store(data_dir: Path, clock: Clock, committed: Callable[[], None]) -> NotedStore:
    """Open the database as production does."""
    made = open_store(data_dir, clock=clock, new_id=Ids())
    store = NotedStore(made.dialect, data_dir, clock, made.new_id)
    store.committed = committed
    made.database.execute_sql(f"PRAGMA wal_autocheckpoint = {SMALL_LOG}")
    return store


class Day:
    """People and senders at work; `backed_up` hears of each backup that was told to be good."""

    def __init__(
        self, folder: Path, seed: int, committed: Callable[[], None], backed_up: Callable[[Path], None]
    ) -> None:
        self.chance = Random(seed)
        self._backed_up = backed_up
        self._number = itertools.count(1)
        self.who = ANNA
        self._bench = Bench(folder / "unused")
        self._bench.store.close_thread()
        self._bench.shop.ids = [str(number) for number in range(1, 5)]
        self.store = self._bench.store = noted_store(folder / "data", self._bench.clock, committed)
        self._bench.restart()
        self._staff = StaffBench(self.store, self._bench.clock)
        self._staff.put(1, 2, 3)
        self._acts = (
            *[self.move] * 6, *[self.edit] * 4, self.undo, self.undo_edit, self.take_in, self.take_in,
            self.sell, self.sell, self.settle, self.refund, self.draft, self.drawer, self.drawer, self.dish,
            self.dish, self.person, self.send, self.send, self.send_staff, self.send_staff,
            self.decide,
        )  # fmt: skip

    def work(self, acts: int) -> None:
        """Do so many acts, drawn at random, with checkpoints and backups between them."""
        self.store.committed()
        self.who = self._open_up()
        self.take_in()
        for number in range(acts):
            with suppress(RefusedError):
                self.chance.choice(self._acts)()
            if number % 17 == 16:
                self.checkpoint()
            if number % 40 == 20:
                self.back_up()

    def _order(self) -> tuple[int, Status, Kind]:
        rows = self.store.all("SELECT pk, status, kind FROM orders ORDER BY pk")
        pk, status, kind = self.chance.choice(rows)
        return pk, Status(status), Kind(kind)

    def move(self) -> None:
        pk, status, kind = self._order()
        moves = allowed_moves(status, kind)
        if moves:
            orders.move(self.store, pk, self.chance.choice(moves), self.who)

    def undo(self) -> None:
        orders.undo(self.store, self._order()[0], self.who)

    def edit(self) -> None:
        values = {
            "street": f"{next(self._number)} Baker",
            "phone": f"98000000{self.chance.randrange(10, 99)}",
        }
        edits.save(self.store, self._order()[0], values, self.who, ZONE)

    def undo_edit(self) -> None:
        edits.undo_save(self.store, self._order()[0], self.who)

    def take_in(self) -> None:
        some = [self.chance.randrange(100, 112) for _ in range(3)]
        comment = f"change {next(self._number)}" * self.chance.choice((1, 1, 40))
        listed = [remote_order(str(number), comment=comment, raw=comment) for number in dict.fromkeys(some)]
        take_in(self.store, SOURCE, listed, "counter-1")

    def sell(self) -> None:
        lines = [a_line(quantity=self.chance.randint(1, 9)) for _ in range(3)]
        tenders = [Tender(PaymentMethod.CARD, Decimal("100.00"), reference="7")]
        counter.sell(self.store, a_sale(*lines), RULES, self.who, tenders=tenders)

    def settle(self) -> None:
        due = "SELECT pk FROM orders WHERE payment_status = 'partly_paid' ORDER BY pk"
        for (pk,) in self.store.all(due)[:1]:
            payments.pay(self.store, pk, [Tender(PaymentMethod.CASH)], RULES, self.who)

    def refund(self) -> None:
        paid = "SELECT order_pk FROM payments WHERE kind = 'payment' GROUP BY order_pk ORDER BY max(pk) DESC"
        for (pk,) in self.store.all(paid)[:1]:
            amount, card = Decimal("1.00"), PaymentMethod.CARD
            payments.refund_order(self.store, pk, RULES, self.who, reason="burnt", amount=amount, method=card)

    def draft(self) -> None:
        counter.save_draft(self.store, "", a_sale(a_line(quantity=next(self._number))), self.who)

    def drawer(self) -> None:
        if open_shift_of(self.store, self.who.station) is None:
            shifts.open_shift(self.store, Decimal("500"), RULES, self.who)
        elif self.chance.random() < 0.6:
            shifts.move_cash(self.store, MoveKind.IN, Decimal(next(self._number)), "coins", self.who)
        else:
            held = shifts.x_report(self.store, self.who).expected_cash
            shifts.close_shift(self.store, Counted(sum=held), self.who)

    def dish(self) -> None:
        """Change the menu, sell out, publish: what a shop of the internal API is told."""
        name, shops = f"p{self.chance.randrange(4)}", [Shop("alma", "KZT")]
        known = product(self.store, name)
        if known is None or self.chance.random() < 0.5:
            version = known.version if known is not None else 0
            price = Decimal(next(self._number))
            made = pizza(internal_id=name, price=price, version=version)
            catalogue.save_product(self.store, made, "KZT", self.who, shops=shops)
        else:
            until = self.store.clock() + timedelta(minutes=self.chance.randrange(1, 60))
            catalogue.set_sold_out(self.store, name, until, self.who, shops=shops)
        rows = open_product_rows(self.store, "alma")
        if rows and self.chance.random() < 0.7:
            mark_sending(self.store, rows)
            settle(self.store, "alma", [Published(rows)], self.who.station)

    def person(self) -> None:
        """Let somebody begin to work here, or leave."""
        others = [one for one in staff(self.store) if one.role is not Role.MANAGER]
        if len(others) < 2:
            name, pin = f"Cook {next(self._number)}", f"{self.chance.randrange(10):d}583"
            people.add_person(self.store, name, Role.COOK, pin, self.who)
        else:
            people.remove_person(self.store, others[-1].id, self.who)

    def _open_up(self) -> Who:
        """Let a manager sign in, who does all that is done here."""
        made = people.add_person(self.store, "Anna", Role.MANAGER, _PIN, ANNA)
        return people.sign_in(self.store, made.id, _PIN, ANNA.station).who

    def send(self) -> None:
        answer = self.chance.choice((CUT, refused(), None, None, None))
        self._bench.shop.fault = lambda request: answer if request.method != "GET" else None
        self._bench.lane.agenda.wake()
        self._bench.run(self.chance.choice((1, 20)))

    def send_staff(self) -> None:
        if self.chance.random() < 0.3:
            self._staff.put(1, name=f"guest {next(self._number)}")
        self._staff.lane.agenda.wake()
        self._staff.run(self.chance.choice((1, 20)))

    def decide(self) -> None:
        pk, _, _ = self._order()
        try:
            conflicts.resolve(self.store, pk, self.chance.choice(("mine", "theirs")), self.who)
        except PosError:
            return

    def checkpoint(self) -> None:
        kind = self.chance.choice(("PASSIVE", "FULL", "RESTART", "TRUNCATE"))
        self.store.database.execute_sql(f"PRAGMA wal_checkpoint({kind})").fetchall()

    def back_up(self) -> None:
        target = self.store.data_dir / "backups" / f"day-{next(self._number)}.db"
        backup_database(self.store.database, target)
        self._backed_up(target)

    def close(self) -> None:
        self.store.close_thread()
