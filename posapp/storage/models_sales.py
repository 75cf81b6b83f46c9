"""The models of counter sales: drafts, sales, payments, shifts."""

from __future__ import annotations

from peewee import (
    SQL,
    BigAutoField,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from posapp.domain.promo import LONGEST_NAME
from posapp.storage.fields import MoneyField, UtcField
from posapp.storage.models import Base, Order


class Draft(Base):
    """A cart that is not sold yet; it survives a crash."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    station = CharField(max_length=128)
    actor = CharField(max_length=128)
    label = CharField(max_length=200, default="")
    held = BooleanField(default=False)  # put aside; else it is the cart in hand
    cart = TextField()  # JSON of posapp.domain.sale.Sale
    version = IntegerField(default=1)
    created_at = UtcField()
    changed_at = UtcField()
    parts = TextField(default="[]", constraints=[SQL("DEFAULT '[]'")])  # JSON: what was taken for it so far

    class Meta:
        """Name the table."""

        table_name = "drafts"


class Promo(Base):
    """A discount with a name, as the settings list it; what was sold keeps its own copy."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    name = CharField(max_length=LONGEST_NAME, unique=True)
    kind = CharField(max_length=16)  # a posapp.domain.discount.DiscountKind value
    value = MoneyField()
    first_day = CharField(max_length=10, default="")  # ISO, the shop's; "" for open
    last_day = CharField(max_length=10, default="")
    role = CharField(max_length=16, default="")  # a posapp.domain.people.Role value, "" for everybody
    changed_at = UtcField()

    class Meta:
        """Name the table."""

        table_name = "promos"


class SaleNumber(Base):
    """The last number that was given under each prefix; a code is never given twice."""

    prefix = CharField(max_length=16, primary_key=True)
    last = IntegerField()

    class Meta:
        """Name the table."""

        table_name = "sale_numbers"


class Shift(Base):
    """A drawer between two counts."""

    pk = BigAutoField()
    number = IntegerField(unique=True)
    station = CharField(max_length=128)
    currency = CharField(max_length=8)
    opening_float = MoneyField()
    opened_at = UtcField()
    opened_by = CharField(max_length=128)
    carried = TextField(default="[]")  # JSON: the keys of the orders that were open
    last_order = IntegerField(default=0)  # the newest order then
    prefix = CharField(max_length=16, default="")
    first_number = IntegerField(default=0)  # the last one given before
    closed_at = UtcField(null=True)
    closed_by = CharField(max_length=128, default="")

    class Meta:
        """Name the table."""

        table_name = "shifts"


class SaleRow(Base):
    """What a counter order has beyond an order; the cart as it was sold, or edited last."""

    order = ForeignKeyField(Order, primary_key=True, column_name="order_pk", on_delete="CASCADE")
    station = CharField(max_length=128)
    prefix = CharField(max_length=16)
    number = IntegerField()
    day = CharField(max_length=10)  # the shop's, ISO
    day_number = IntegerField()  # how many this station had sold that day, with this one
    shift = ForeignKeyField(Shift, null=True, column_name="shift_pk", on_delete="RESTRICT")
    table_label = CharField(max_length=64, default="")
    cart = TextField()  # JSON of posapp.domain.sale.Sale
    gross = MoneyField()
    discount = MoneyField()
    tax = MoneyField()
    sold_at = UtcField()

    class Meta:
        """Name the table and its indexes."""

        table_name = "sales"
        indexes = ((("prefix", "number"), True), (("station", "day", "day_number"), True))


class SaleEntryRow(Base):
    """What a sale, or an edit of one, adds to the figures; append-only."""

    pk = BigAutoField()
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="RESTRICT")
    shift = ForeignKeyField(Shift, null=True, column_name="shift_pk", on_delete="RESTRICT")
    at = UtcField()
    content = TextField()  # JSON of posapp.domain.shift.SaleEntry

    class Meta:
        """Name the table."""

        table_name = "sale_entries"


class PaymentRow(Base):
    """Money taken or given back; never edited, taken back by a row of its own."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="RESTRICT")
    shift = ForeignKeyField(Shift, null=True, column_name="shift_pk", on_delete="RESTRICT")
    kind = CharField(max_length=16)  # a posapp.domain.payment.PaymentKind value
    method = CharField(max_length=16)
    currency = CharField(max_length=8)
    amount = MoneyField()
    rounding = MoneyField()
    tip = MoneyField()
    tendered = MoneyField()
    change = MoneyField()
    returned = MoneyField()
    reference = CharField(max_length=200, default="")
    person = CharField(max_length=200, default="")
    reason = CharField(max_length=200, default="")
    lines = TextField(default="[]")  # JSON: [[position, quantity, amount], …]
    reverses = IntegerField(null=True, unique=True)  # the key of the row that this one takes back
    at = UtcField()
    actor = CharField(max_length=128)
    station = CharField(max_length=128)

    class Meta:
        """Name the table."""

        table_name = "payments"


class CashMoveRow(Base):
    """Cash put into the drawer or taken out of it; append-only."""

    pk = BigAutoField()
    shift = ForeignKeyField(Shift, column_name="shift_pk", on_delete="RESTRICT")
    kind = CharField(max_length=8)
    amount = MoneyField()
    reason = CharField(max_length=200)
    at = UtcField()
    actor = CharField(max_length=128)
    station = CharField(max_length=128)

    class Meta:
        """Name the table."""

        table_name = "cash_moves"


class ShiftReportRow(Base):
    """A report as it was made, to be printed again; append-only."""

    pk = BigAutoField()
    shift = ForeignKeyField(Shift, column_name="shift_pk", on_delete="RESTRICT")
    kind = CharField(max_length=1)
    number = IntegerField()
    made_at = UtcField()
    content = TextField()  # JSON of posapp.domain.shift.ShiftReport

    class Meta:
        """Name the table and its index."""

        table_name = "shift_reports"
        indexes = ((("shift", "kind", "number"), True),)
        constraints = (SQL("CHECK (kind IN ('X', 'Z'))"),)
