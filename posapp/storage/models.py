"""The Peewee models; every instant is UTC, every amount a decimal string.

`DB` is bound to a database when one is opened. Hot paths use fixed SQL (see docs/decisions/0001); the models
declare the schema, the fields that forms bind to, and everything else.
"""

from __future__ import annotations

from peewee import (
    SQL,
    BigAutoField,
    BooleanField,
    CharField,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from posapp.domain.fields import line_width, width
from posapp.storage.fields import MoneyField, UtcField

DB = DatabaseProxy()
EMPTY = SQL("DEFAULT ''")  # of columns that were added to tables with rows


class Base(Model):
    """A model bound to the one open database."""

    class Meta:
        """Bind to the proxy, with plain table names."""

        database = DB
        legacy_table_names = False


class Meta(Base):
    """Facts about the database itself, such as the installation's id and the next running number."""

    key = CharField(primary_key=True)
    value = TextField()

    class Meta:
        """Name the table."""

        table_name = "meta"


class RemoteState(Base):
    """What is known of a remote: when it last answered and what is wrong. Settings are in posapp.toml."""

    name = CharField(primary_key=True)
    last_ok_at = UtcField(null=True)
    last_pull_at = UtcField(null=True)
    trouble_since = UtcField(null=True)
    trouble = CharField(default="")  # a posapp.remote.api.Verdict value, "" when all is well
    detail = TextField(default="")
    sign_in = BooleanField(default=False)
    clock_skew_s = IntegerField(null=True)
    throttled_until = UtcField(null=True)  # the remote asked not to be asked before

    class Meta:
        """Name the table."""

        table_name = "remotes"


class Customer(Base):
    """A customer as the orders named them; nothing is merged by itself."""

    pk = BigAutoField()
    remote = CharField(default="")
    remote_id = CharField(default="")
    name = CharField(max_length=500)
    phone = CharField(max_length=64)
    phone_digits = CharField(max_length=32)
    first_at = UtcField()
    last_at = UtcField()

    class Meta:
        """Name the table and its indexes."""

        table_name = "customers"
        indexes = ((("remote", "remote_id"), True), (("phone_digits",), False))


class Order(Base):
    """An order: details, local status, the remote's last seen status (shadow) and sync state."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    code = CharField(max_length=width("code"), unique=True)
    remote = CharField(max_length=64, null=True)
    remote_id = CharField(max_length=64, null=True)
    format = CharField(max_length=16, default="")
    status = CharField(max_length=16)
    status_at = UtcField()
    shadow = CharField(max_length=16, null=True)
    shadow_at = UtcField(null=True)
    payment_status = CharField(max_length=width("payment_status"), default="")
    payment_method = CharField(max_length=width("payment_method"), default="")
    source = CharField(max_length=width("source"), default="")
    brand = CharField(max_length=width("brand"), default="")
    kind = CharField(max_length=16)
    customer = ForeignKeyField(Customer, null=True, column_name="customer_pk", on_delete="SET NULL")
    customer_name = CharField(max_length=width("customer_name"), default="")
    phone = CharField(max_length=width("phone"), default="")
    phone_digits = CharField(max_length=width("phone_digits"), default="")
    address = TextField(default="")
    street = CharField(max_length=width("street"), default="")
    home = CharField(max_length=width("home"), default="")
    apt = CharField(max_length=width("apt"), default="")
    entrance = CharField(max_length=width("entrance"), default="")
    level = CharField(max_length=width("level"), default="")
    city = CharField(max_length=width("city"), default="")
    comment = TextField(default="")
    change_from = CharField(max_length=width("change_from"), default="")
    due_at = UtcField(null=True)
    due_text = CharField(max_length=width("due_text"), default="")
    planned_at = UtcField(null=True)
    delivery_cost = MoneyField(default="0")
    products_total = MoneyField(default="0")
    total = MoneyField()
    currency = CharField(max_length=8)
    created_at = UtcField()
    received_at = UtcField()
    accepted_at = UtcField(null=True)
    sent_at = UtcField(null=True)
    closed_at = UtcField(null=True)
    noticed_at = UtcField(null=True)
    noticed_by = CharField(max_length=128, default="")
    urgency = UtcField(null=True)
    version = IntegerField(default=1)
    sync = CharField(max_length=16)
    sync_reason = TextField(default="")
    settle_at = UtcField(null=True)
    watch_at = UtcField(null=True)
    missing_at = UtcField(null=True)
    reasserts = IntegerField(default=0)
    addressline = CharField(max_length=width("addressline"), default="", constraints=[EMPTY])
    district = CharField(max_length=width("district"), default="", constraints=[EMPTY])
    country = CharField(max_length=width("country"), default="", constraints=[EMPTY])
    email = CharField(max_length=width("email"), default="", constraints=[EMPTY])
    account_name = CharField(max_length=width("account_name"), default="", constraints=[EMPTY])
    account_email = CharField(max_length=width("account_email"), default="", constraints=[EMPTY])
    delivery_class = IntegerField(null=True)
    shipping_at = UtcField(null=True)
    delivered_at = UtcField(null=True)  # as the remote tells it
    paid_at = UtcField(null=True)
    cart_id = CharField(max_length=width("cart_id"), default="", constraints=[EMPTY])
    shadow_fields = TextField(default="", constraints=[EMPTY])  # JSON, of edited fields
    promised_at = UtcField(null=True)  # when staff said that it would be ready, on accepting it
    anonymised_at = UtcField(null=True)  # since then nothing here tells of the customer

    class Meta:
        """Name the table and its indexes; the partial ones keep a million finished orders out of the way."""

        table_name = "orders"
        indexes = (
            (("remote", "remote_id"), True),
            (("status", "created_at", "pk"), False),
            (("created_at", "pk"), False),
            (("phone_digits",), False),
        )
        constraints = (SQL("CHECK ((remote IS NULL) = (remote_id IS NULL))"),)


class OrderRaw(Base):
    """The payload of an order as received, apart so that lists stay narrow."""

    order = ForeignKeyField(Order, primary_key=True, column_name="order_pk", on_delete="CASCADE")
    payload = TextField(column_name="raw")
    received_at = UtcField()

    class Meta:
        """Name the table."""

        table_name = "order_raw"


class OrderLine(Base):
    """One line of an order, as received."""

    pk = BigAutoField()
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="CASCADE", backref="lines")
    position = IntegerField()
    internal_id = CharField(max_length=line_width("internal_id"), default="")
    title = CharField(max_length=line_width("title"), default="")
    quantity = IntegerField()
    unit_price = MoneyField()
    total = MoneyField()
    additions = TextField(default="[]")  # JSON: [[internal_id, title], …]
    promo_id = CharField(max_length=line_width("promo_id"), default="")
    promo_title = CharField(max_length=line_width("promo_title"), default="")
    promo_code_id = CharField(max_length=line_width("promo_code_id"), default="")
    promo_code = CharField(max_length=line_width("promo_code"), default="")
    paid_in_bonuses = BooleanField(default=False)
    notes = TextField(default="")
    product = CharField(max_length=line_width("product"), default="", constraints=[EMPTY])  # its address
    description = CharField(max_length=line_width("description"), default="", constraints=[EMPTY])
    price_unit = CharField(max_length=line_width("price_unit"), default="", constraints=[EMPTY])
    delivery_class = IntegerField(null=True)
    unit_cost = MoneyField(null=True)  # before the discount
    discount_percent = MoneyField(null=True)

    class Meta:
        """Name the table."""

        table_name = "order_lines"


class Event(Base):
    """The audit: append-only; `params` is a JSON object of texts that fill the event's sentence."""

    pk = BigAutoField()
    order = ForeignKeyField(Order, null=True, column_name="order_pk", on_delete="CASCADE")
    at = UtcField()
    kind = CharField(max_length=32)
    actor = CharField(max_length=128)
    station = CharField(max_length=128)
    params = TextField(default="{}")

    class Meta:
        """Name the table."""

        table_name = "events"


class Outbox(Base):
    """One change to be sent; see docs/sync.md. Kept after confirmation."""

    seq = BigAutoField()
    id = CharField(max_length=36, unique=True)
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="CASCADE")
    kind = CharField(max_length=16)  # a posapp.domain.outbox kind
    target = CharField(max_length=64)
    base = CharField(max_length=64)
    forced = BooleanField(default=False)  # a person decided it against the remote's value
    undo = BooleanField(default=False)
    station = CharField(max_length=128)
    actor = CharField(max_length=128)
    created_at = UtcField()
    hold_until = UtcField(null=True)  # undo is still possible; never sent before
    state = CharField(max_length=16)
    attempts = IntegerField(default=0)  # tries, as people count them
    reached = IntegerField(default=0)  # tries that may have reached the remote
    refusals = IntegerField(default=0)
    not_before = UtcField(null=True)
    last_at = UtcField(null=True)
    last_class = CharField(max_length=16, default="")
    last_error = TextField(default="")
    theirs = CharField(max_length=64, default="")
    lease = CharField(max_length=64, default="")
    closed_at = UtcField(null=True)
    reason = TextField(default="")
    patch = TextField(default="", constraints=[EMPTY])  # JSON of kind "fields": {field: [base, ours, theirs]}
    field_errors = TextField(default="", constraints=[EMPTY])  # JSON: {field: the remote's words}

    class Meta:
        """Name the table and its index."""

        table_name = "outbox"
        indexes = ((("order", "seq"), False),)


class SentLog(Base):
    """Every write that may have reached a remote, to know our own late writes again."""

    pk = BigAutoField()
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="CASCADE", index=False)
    outbox_seq = IntegerField()
    value = CharField(max_length=64)
    sent_at = UtcField()
    answered_at = UtcField(null=True)
    verdict = CharField(max_length=16, default="")
    detail = TextField(default="")
    fields = TextField(default="", constraints=[EMPTY])  # JSON: {field: value} that this write carried

    class Meta:
        """Name the table and its index."""

        table_name = "sent_log"
        indexes = ((("order", "pk"), False),)


class Quarantine(Base):
    """A row of a pull that made no sense, raw, with its reason."""

    pk = BigAutoField()
    remote = CharField(max_length=64)
    remote_id = CharField(max_length=64, default="")
    reason = TextField()
    payload = TextField(column_name="raw")
    digest = CharField(max_length=64)
    first_at = UtcField()
    last_at = UtcField()
    times = IntegerField(default=1)
    solved_at = UtcField(null=True)

    class Meta:
        """Name the table and its index."""

        table_name = "quarantine"
        indexes = ((("remote", "digest"), True),)


class OrderCount(Base):
    """The number of orders per status, kept by triggers."""

    status = CharField(max_length=16, primary_key=True)
    n = IntegerField(default=0)

    class Meta:
        """Name the table."""

        table_name = "order_counts"


class Call(Base):
    """A request from one process of this station to another: show a window, run a sync round."""

    pk = BigAutoField()
    kind = CharField(max_length=16)
    payload = TextField(default="{}")
    created_at = UtcField()
    taken_at = UtcField(null=True)
    done_at = UtcField(null=True)
    result = TextField(default="")

    class Meta:
        """Name the table."""

        table_name = "calls"
