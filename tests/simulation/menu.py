"""Products in a schedule: what people do with the catalogue, and what the referee knows of its way."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Protocol

from posapp.domain.catalogue import Product
from posapp.domain.errors import PosError
from posapp.domain.who import Who
from posapp.remote.api import Answer, Reply
from posapp.services import catalogue, publishing
from posapp.services.publishing import Shop
from posapp.storage.catalogue import product, products
from posapp.storage.store import Store
from tests.simulation.books import GOOD_FATES, Tally
from tests.simulation.goods import REFUSED_TITLE, Goods
from tests.simulation.mix import SECOND, Menu
from tests.simulation.network import Flight
from tests.simulation.world import World

CURRENCY = "KZT"
_ACTS = ("save",) * 6 + ("delete", "all", "anew", "retry", "discard") + ("sold out",) * 3
_FEW, _FILE = 5, 12
_ROWS = "SELECT seq, internal_id, body, state, reason, batch FROM product_outbox ORDER BY seq"
_ITEMS = "SELECT internal_id, title, price, deleted, sold_out_until FROM products"
_OPEN = ("pending", "in_flight", "parked")
_NEWER = "a newer state goes out"
_BY_PERSON = "discarded: "


class Sender(Protocol):
    """A process that publishes."""

    name: str
    life: int


class MenuActs:
    """People who change the catalogue."""

    def __init__(self, world: World, menu: Menu, referee: MenuReferee, remote: str) -> None:
        self._world = world
        self._menu = menu
        self._referee = referee
        self._shops = (Shop(remote, CURRENCY, hide_sold_out=menu.hides),)
        self._wrong = 0.1

    def act(self, store: Store, who: Who, draw: Random) -> None:
        """Do one thing to the catalogue."""
        what = "file" if draw.random() < self._menu.many else draw.choice(_ACTS)
        self._world.note("person", who.station, "catalogue", what)
        try:
            self._do(what, store, who, draw)
        except PosError as error:
            self._world.note("told", what, error.title)
            return
        self._referee.person_done()

    def _do(self, what: str, store: Store, who: Who, draw: Random) -> None:
        name = f"p{draw.randrange(_FEW)}"
        match what:
            case "save" | "delete":
                self._save(store, name, who, draw, deleted=what == "delete")
            case "file":
                with store.write() as tx:
                    known = {item.internal_id: item for item in products(tx, with_deleted=True)}
                for number in range(_FILE):
                    self._save(store, f"p{number}", who, draw, deleted=False, known=known)
            case "sold out":
                self._sold_out(store, name, who, draw)
            case "all" | "anew":
                publishing.queue_all(store, self._shops, who, anew=what == "anew")
            case _:
                self._decide(what, store, who, draw)

    def _save(
        self,
        store: Store,
        name: str,
        who: Who,
        draw: Random,
        *,
        deleted: bool,
        known: dict[str, Product] | None = None,
    ) -> None:
        found = known.get(name) if known is not None else product(store, name)
        title = REFUSED_TITLE if draw.random() < self._wrong else f"dish {draw.randrange(4)}"
        price = Decimal(draw.randrange(1, 5) * 100)
        version = found.version if found is not None else 0
        until = found.sold_out_until if found is not None else None
        item = Product(name, title, price, deleted=deleted, version=version, sold_out_until=until)
        catalogue.save_product(store, item, CURRENCY, who, shops=self._shops)
        self._referee.acknowledged(name, title, price, deleted=deleted)

    def _sold_out(self, store: Store, name: str, who: Who, draw: Random) -> None:
        seconds = draw.choice((0, 20, 90))
        until = self._world.clock() + timedelta(seconds=seconds) if seconds else None
        catalogue.set_sold_out(store, name, until, who, shops=self._shops)
        if until is not None:
            # The program looks every two seconds.
            self._world.later(seconds * SECOND + 3 * SECOND, lambda: None)

    def _decide(self, what: str, store: Store, who: Who, draw: Random) -> None:
        found = [row[0] for row in store.all("SELECT id FROM product_outbox WHERE state = 'parked'")]
        if not found:
            return
        chosen = [draw.choice(found)]
        if what == "retry":
            publishing.retry_products(store, chosen, who)
        else:
            publishing.discard_products(store, chosen, "a test", who)


class MenuReferee:
    """Watches the queue of products and the shop's catalogue."""

    def __init__(self, world: World, goods: Goods, look: Any, tally: Tally, menu: Menu) -> None:
        self._world = world
        self._goods = goods
        self._look = look
        self._tally = tally
        self._menu = menu
        self._told: dict[str, tuple[str, Decimal, bool]] = {}  # what people were told to be saved
        self._seen: dict[int, str] = {}  # the state of each row, as it was seen last
        self._proved: set[tuple[str, str]] = set()  # (id, body) that an answer said to be stored
        self._flying: dict[tuple[str, int, int], set[str]] = {}
        self._version = -1

    def acknowledged(self, name: str, title: str, price: Decimal, *, deleted: bool) -> None:
        """Note what a person was told to be saved."""
        self._told[name] = (title, price, deleted)

    def crashed(self) -> None:
        """Forget what a process that died may or may not have saved: the disk tells."""
        self._told.clear()

    def person_done(self) -> None:
        """Check that what a person was told is on the disk, and on its way."""
        self._tally.add("acts on products")
        self.look()
        items = {row[0]: row[1:] for row in self._look.execute(_ITEMS).fetchall()}
        for name, (title, price, deleted) in self._told.items():
            found = items.get(name)
            if found is None or (found[0], Decimal(found[1]), bool(found[2])) != (title, price, deleted):
                self._world.broken("S10", "product", name, "was said to be saved and is not on the disk")
        for name in items:
            self._check_on_its_way(name)

    def _check_on_its_way(self, name: str) -> None:
        rows = [row for row in self._look.execute(_ROWS).fetchall() if row[1] == name]
        if rows and rows[-1][3] == "superseded" and not rows[-1][4].startswith(_BY_PERSON):
            self._world.broken("P1", "the newest state of", name, "was given up:", rows[-1][4])

    def look(self) -> None:
        """Compare what is committed with what was there before."""
        version = self._look.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return
        self._version = version
        rows = self._look.execute(_ROWS).fetchall()
        lost = self._seen.keys() - {row[0] for row in rows}
        if lost:
            self._world.broken("P1", "states of products are gone:", *sorted(lost))
        for place, (seq, name, body, state, reason, _) in enumerate(rows):
            before = self._seen.get(seq)
            if before != state:
                self._seen[seq] = state
                self._world.note("product", name, seq, state, reason)
                newer = any(row[1] == name for row in rows[place + 1 :])
                self._changed(name, body, before, state, reason, newer=newer)

    def _changed(
        self, name: str, body: str, before: str | None, state: str, reason: str, *, newer: bool
    ) -> None:
        if before is None:
            self._tally.add("products queued")
        if before in {"confirmed", "superseded"}:
            self._world.broken("P1", "a settled state of", name, "became", state)
        if state in {"confirmed", "parked"}:
            self._tally.add(f"products {state}")
        if state == "confirmed" and (name, body) not in self._proved:
            self._world.broken("P2", name, "was confirmed without the shop's word")
        given_up = state == "superseded" and not reason.startswith(_BY_PERSON)
        if given_up and not (reason == _NEWER and newer):
            self._world.broken("P1", "a state of", name, "was given up:", repr(reason))

    def sent(self, sender: Sender, flight: Flight) -> None:
        """Judge a request that leaves."""
        self._tally.add("product requests")
        self.look()
        if self._flying:
            self._world.broken("P3", "two requests about products at once")
        items = items_of(flight)
        self._flying[sender.name, sender.life, flight.token] = {item["internal_id"] for item in items}
        rows = self._look.execute(_ROWS).fetchall()
        worked_on = {row[1] for row in rows if row[3] == "in_flight" and row[5]}
        marked = {(row[1], row[2]) for row in rows if row[3] == "in_flight"}
        for item in items:
            name, body = item["internal_id"], json.dumps(item, ensure_ascii=False)
            if name in worked_on:
                self._world.broken("P3", name, "was sent while the shop works on an older state of it")
            if (name, body) not in marked:
                self._world.broken("P3", name, "was sent before that was on the disk")

    def sender_gone(self, sender: Sender) -> None:
        """Forget what only that process waited for."""
        self._flying = {key: names for key, names in self._flying.items() if key[0] != sender.name}

    def answer_comes(self, sender: Sender, flight: Flight, answer: Answer) -> None:
        """Note what the shop truly said."""
        self._flying.pop((sender.name, sender.life, flight.token), None)
        if not isinstance(answer, Reply) or answer.status != 200 or flight.fate not in GOOD_FATES:
            return
        report = json.loads(answer.body)["processing_object"]
        if report["status"] != "succeeded":
            return
        batch = self._goods.batches.get(report["id"])
        items = items_of(flight) or (batch.products if batch is not None else [])
        self._proved |= {(item["internal_id"], json.dumps(item, ensure_ascii=False)) for item in items}

    def is_quiet(self) -> bool:
        """Tell whether nothing is left to happen."""
        self.look()
        waiting = self._look.execute(
            "SELECT count(*) FROM product_outbox WHERE state IN ('pending', 'in_flight')"
        ).fetchone()[0]
        return not waiting and not self._hidden(None) and not self._goods.is_busy(self._world.now)

    def _hidden(self, name: str | None) -> bool:
        """Tell whether a product, or any, is sold out for a while yet."""
        now = _microseconds(self._world.clock())
        rows = self._look.execute(_ITEMS).fetchall()
        return any(row[4] is not None and row[4] > now for row in rows if name in {None, row[0]})

    def check_end(self, beyond: set[str]) -> None:
        """Check that the shop has every product as it is here, or that somebody is asked.

        `beyond`: products that got a state later than posapp watches for.
        """
        self.look()
        self._goods.work(self._world.now)
        last = {row[1]: row for row in self._look.execute(_ROWS).fetchall()}
        for name, title, price, deleted, _ in self._look.execute(_ITEMS).fetchall():
            row = last.get(name)
            if row is None:
                if not deleted:
                    self._world.broken("P1", name, "was never on its way to the shop")
                continue
            if row[3] in _OPEN:
                self._tally.add("products flagged at the end")
                if row[3] != "parked":
                    self._world.broken("L1", name, "still waits")
                continue
            if row[4].startswith(_BY_PERSON):
                continue
            hidden = bool(deleted) or (self._menu.hides and self._hidden(name))
            want = {"title": title, "price": f"{Decimal(price):.2f}", "deleted": hidden}
            found = self._goods.products.get(name, {})
            if {key: found.get(key) for key in want} == want:
                continue
            if name in beyond:
                self._tally.add("products beyond the watch")
            else:
                self._world.broken("P4", name, "is", found, "at the shop and", want, "here")


def items_of(flight: Flight) -> list[dict[str, Any]]:
    """Return the products that a request carries."""
    content = json.loads(flight.request.body) if flight.request.body else {}
    single = content.get("product")
    return [single] if single is not None else content.get("products", [])


def _microseconds(time: datetime) -> int:
    return round(time.timestamp() * SECOND)
