"""A till as a program of its own: sells and takes money without end, and says what it was told is saved."""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from posapp.domain.payment import Tender
from posapp.domain.sale import Sale, SaleLine
from posapp.domain.sale_rules import SaleRules
from posapp.domain.status import PaymentMethod
from posapp.domain.who import Who
from posapp.printing.layout import composer
from posapp.services import counter, payments
from posapp.services.sale_tickets import with_receipt, with_tickets
from posapp.storage.database import open_store
from posapp.storage.sales import drafts
from posapp.storage.store import Store

RULES = SaleRules("KZT", ZoneInfo("Asia/Almaty"), cash_step=Decimal("1"))
WHO = Who("anna", "counter-1")
COMPOSE = composer(RULES.zone)
TICKETS, RECEIPT = with_tickets("front", "grill", WHO, COMPOSE), with_receipt("front", WHO, COMPOSE)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def sell_one(store: Store, chance: random.Random) -> None:
    """Fill a cart bit by bit, sell it, perhaps later take the rest, perhaps give it back."""
    open_ones = drafts(store, "counter-1")
    sale = open_ones[0].sale if open_ones else Sale()
    draft = open_ones[0].id if open_ones else ""
    while len(sale.lines) < 3:
        price = Decimal(chance.randrange(1, 999_999)).scaleb(-2)
        line = SaleLine("dish", price, chance.randrange(1, 4))
        sale = Sale((*sale.lines, line))
        draft = counter.save_draft(store, draft, sale, WHO).id
        say("draft", draft, len(sale.lines))
    part = Tender(PaymentMethod.CARD, Decimal("1.00"), reference="7")
    whole = [part, Tender(PaymentMethod.CASH)]
    later = chance.random() < 0.5
    tenders = [part] if later else whole
    sold = counter.sell(store, sale, RULES, WHO, draft_id=draft, tenders=tenders, also=TICKETS)
    say("sold", sold.code, len(sold.payments))
    if later:
        payments.pay(store, sold.pk, [Tender(PaymentMethod.CASH)], RULES, WHO, also=RECEIPT)
        say("paid", sold.code, 2)
    if chance.random() < 0.3:
        payments.refund_order(store, sold.pk, RULES, WHO, reason="cold", also=RECEIPT)
        say("refunded", sold.code, 4)


def run(data_dir: Path, seed: int) -> None:
    store = open_store(data_dir)
    chance = random.Random(seed)
    say("ready")
    while True:
        sell_one(store, chance)


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
