"""What people do at the counter: each act of the cart is kept on the disk, a sale is one job.

While a cart is sold, put aside or taken up, further acts wait for the outcome: they belong to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from PySide6.QtCore import QObject, Signal

from posapp.domain.catalogue import FURTHER_NOTICE, Product
from posapp.domain.errors import PosError
from posapp.domain.payment import Tender
from posapp.domain.sale import Priced, price_sale
from posapp.domain.sale_check import sale_problems
from posapp.services.catalogue import set_sold_out
from posapp.services.counter import Sold, sell
from posapp.services.publishing import shops_among
from posapp.storage.sales import DraftRow, draft
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.payment.tickets import also_for
from posapp.ui.payment.words import part_words
from posapp.ui.till.cart import Cart
from posapp.ui.till.drafts import NOTHING, DraftKeeper, Hand, forget
from posapp.ui.till.words import say

Act = Callable[[], object]


class TillDesk(QObject):
    """The cart with its draft; `sold` follows a sale, `refused` one that was not made."""

    sold = Signal(object)  # Sold
    refused = Signal(object)  # PosError
    problems_told = Signal(object)  # dict[str, str]: what keeps this cart from being sold
    put_aside = Signal()
    parts_put = Signal(object)  # tuple[Tender, ...]: what was taken for the cart that is in hand now

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.cart, self.drafts = Cart(self), DraftKeeper(ctx, self)
        self.problems: dict[str, str] = {}
        self.parts: tuple[Tender, ...] = ()
        self._locked, self._waiting = True, list[Act]()
        self.cart.changed.connect(self._changed)
        self.drafts.found.connect(self._found)
        self.drafts.lost.connect(self._lost)
        self.drafts.parted.connect(self._parted)
        ctx.tasks.crashed.connect(self._crashed)
        self.drafts.begin()

    # --------------------------------------------------------------------------------------------- the cart

    @property
    def currency(self) -> str:
        """Return the currency of this counter."""
        return self._ctx.config.sale_rules.currency

    @property
    def priced(self) -> Priced:
        """Return what the cart comes to."""
        return price_sale(self.cart.sale, self.currency)

    @property
    def busy(self) -> bool:
        """Tell whether a cart is on its way to the disk."""
        return self._locked

    def do(self, act: Act) -> None:
        """Do something with the cart now, or once what is under way has ended."""
        if self._locked:
            self._waiting.append(act)
        else:
            act()

    def clear(self) -> None:
        """Take everything out, with an undo."""

        def act() -> None:
            self.cart.clear()
            self.tell(say("Cart cleared"), self.cart.undo)

        self.do(act)

    def remove(self, line_id: str) -> None:
        """Take a line out, with an undo."""
        line = self.cart.line(line_id)
        if line is not None:
            self.cart.remove(line_id)
            self.tell(say("%1 taken out").replace("%1", line.title), self.cart.undo)

    def step(self, line_id: str, by: int) -> None:
        """Make a line more or less."""
        line = self.cart.line(line_id)
        if line is None:
            return
        if line.quantity + by < 1:
            self.remove(line_id)
        else:
            self.cart.step(line, by)

    def tell(self, text: str, undo: Act | None = None) -> None:
        """Say something, with what takes it back."""
        self._ctx.message.emit(text, undo)

    def _changed(self) -> None:
        if self.problems:
            now = sale_problems(self.cart.sale, self.currency, self._ctx.clock())
            self.problems = {name: now[name] for name in self.problems if name in now}
        self.drafts.keep(Hand(self.cart.sale, self.parts))

    def note_parts(self, parts: tuple[Tender, ...]) -> None:
        """Keep with the cart what was taken for it."""

        def act() -> None:
            self.parts = parts
            self._changed()

        self.do(act)

    def _put(self, hand: Hand) -> None:
        """Take another cart in hand, with what was taken for it."""
        self.parts = hand.parts
        self.cart.put(hand.sale)
        self.parts_put.emit(hand.parts)

    def _found(self, hand: Hand) -> None:
        if hand != NOTHING:
            self._put(hand)
            text = say("The cart of the last time is back")
            if hand.parts:
                taken = " + ".join(part_words(part, self.currency) for part in hand.parts)
                text = say("%1. Already taken: %2").replace("%1", text).replace("%2", taken)
            self.tell(text)
        self._go_on()

    def _lost(self) -> None:
        if self._locked or (self.cart.empty and not self.parts):
            return
        hand = Hand(self.cart.sale, self.parts)
        self._put(NOTHING)
        self.tell(say("This cart was sold or dropped in another window"), lambda: self._put(hand))

    def _parted(self) -> None:
        self.tell(say("Another window changed this cart, too: yours goes on as one of its own"))

    # --------------------------------------------------------------------------------------------- the sale

    def check(self) -> dict[str, str]:
        """Return what keeps the cart from being sold, and remember that a person was told."""
        self.problems = sale_problems(self.cart.sale, self.currency, self._ctx.clock())
        if self.cart.way == "table" and not self.cart.sale.table:
            self.problems["table"] = say("Which table?")
        return self.problems

    def take(self, tenders: Sequence[Tender]) -> bool:
        """Sell the cart; tell whether it went on its way."""
        if self._locked or self.check():
            return False
        self._locked = True
        ctx, paper, sale = self._ctx, self.drafts.paper, self.cart.sale
        rules, who, also = ctx.config.sale_rules, ctx.who, also_for(ctx)

        def work() -> Sold:
            now = draft(ctx.store, paper.id) if paper.id else None
            # One that another window changed meanwhile is that window's: it stays.
            theirs = now is not None and now.version != paper.version
            made = sell(
                ctx.store,
                sale,
                rules,
                who,
                tenders=tenders,
                draft_id="" if theirs else paper.id,
                also=also,
                origin=WINDOW_ORIGIN,
            )
            forget(paper)
            return made

        ctx.tasks.run(work, self._sold, failed=self._refused, owner=self)
        return True

    def _sold(self, sold: Sold) -> None:
        self.problems = {}
        self._put(NOTHING)
        self.sold.emit(sold)
        self._go_on()

    def _refused(self, error: PosError) -> None:
        # What was typed meanwhile was meant for the next customer, not for this cart.
        self._waiting.clear()
        self._locked = False
        self.refused.emit(error)

    def _crashed(self, _error: BaseException) -> None:
        self._waiting.clear()
        self._locked = False

    def _go_on(self) -> None:
        self._locked = False
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            self.do(act)

    # ------------------------------------------------------------------------------------ carts put aside

    def hold(self, label: str, then: Act | None = None) -> None:
        """Put the cart aside, with an undo, and go on with an empty one."""
        if self._locked:
            return
        self._locked = True

        def done(row: DraftRow) -> None:
            self.problems = {}
            self._put(NOTHING)
            self.put_aside.emit()
            if then is None:
                text = say("Held as “%1”").replace("%1", row.label)
                self.tell(text, lambda: self.recall(row))
            self._go_on()
            if then is not None:
                then()

        self.drafts.hold(Hand(self.cart.sale, self.parts), label, done, self._refused)

    def recall(self, row: DraftRow, label: str = "") -> None:
        """Take a cart up again; the one in hand is put aside as `label` first."""
        if self._locked:
            return
        if Hand(self.cart.sale, self.parts) != NOTHING:
            self.hold(label or say("Cart"), then=lambda: self.recall(row))
            return
        self._locked = True

        def done(hand: Hand) -> None:
            self._put(hand)
            self._go_on()

        self.drafts.recall(row, done, self._refused)

    def drop(self, row: DraftRow) -> None:
        """Throw a cart away that was put aside, with an undo."""

        def done(was: DraftRow | None) -> None:
            if was is not None:
                text = say("“%1” thrown away").replace("%1", row.label)
                self.tell(text, lambda: self.drafts.put_back(was))

        self.drafts.drop(row, done)

    # --------------------------------------------------------------------------------------------- sold out

    def set_sold_out(self, product: Product, until: datetime | None) -> None:
        """Mark a dish as sold out until then, or as back, with an undo."""
        ctx, who, before = self._ctx, self._ctx.who, product.sold_out_until
        hide = bool(ctx.config.get("sales", "hide_sold_out"))
        shops = shops_among(ctx.config.remotes, hide_sold_out=hide)
        text = say("%1 is back on sale") if until is None else say("%1 is sold out")
        if before is not None and before <= ctx.clock():
            before = None

        def done(_saved: Product) -> None:
            now = replace(product, sold_out_until=until)
            self.tell(text.replace("%1", product.title), lambda: self.set_sold_out(now, before))

        ctx.tasks.run(
            lambda: set_sold_out(
                ctx.store, product.internal_id, until, who, shops=shops, origin=WINDOW_ORIGIN
            ),
            done,
            owner=self,
        )

    def end_of_day(self) -> datetime:
        """Return when the shop's day ends."""
        zone = self._ctx.zone
        today = self._ctx.clock().astimezone(zone).date()
        return datetime.combine(today + timedelta(days=1), time(), zone)

    def sold_out_text(self, product: Product) -> str:
        """Return why a dish cannot be put into the cart, and what helps."""
        until = product.sold_out_until
        text = say("%1 is sold out").replace("%1", product.title)
        if until is not None and until < FURTHER_NOTICE:
            text += " " + say("until %1").replace("%1", f"{until.astimezone(self._ctx.zone):%H:%M}")
        return text + ". " + say("Its menu (right click) puts it back.")
