"""The models of the catalogue and of its way to the shops."""

from __future__ import annotations

from peewee import (
    SQL,
    BigAutoField,
    BooleanField,
    CharField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from posapp.domain.catalogue import WIDTHS
from posapp.storage.fields import MoneyField, UtcField
from posapp.storage.models import EMPTY, Base


class Category(Base):
    """A group of products in the grid."""

    pk = BigAutoField()
    name = CharField(max_length=WIDTHS["category"], unique=True)
    position = IntegerField(default=0)
    colour = CharField(max_length=WIDTHS["colour"], default="")
    icon = CharField(max_length=WIDTHS["icon"], default="")
    station = CharField(max_length=WIDTHS["station"], default="", constraints=[EMPTY])  # of its products

    class Meta:
        """Name the table."""

        table_name = "categories"


class Product(Base):
    """A product; what was sold keeps its own texts and prices, so this row may change at any time."""

    pk = BigAutoField()
    internal_id = CharField(max_length=WIDTHS["internal_id"], unique=True)
    title = CharField(max_length=WIDTHS["title"])
    weight = CharField(max_length=WIDTHS["weight"], default="")
    price = MoneyField()
    category = ForeignKeyField(Category, null=True, column_name="category_pk", on_delete="SET NULL")
    colour = CharField(max_length=WIDTHS["colour"], default="")
    icon = CharField(max_length=WIDTHS["icon"], default="")
    station = CharField(max_length=WIDTHS["station"], default="")
    tax_percent = MoneyField(default="0")
    modifiers = TextField(default="[]")  # JSON of posapp.domain.catalogue.ModifierGroup
    deleted = BooleanField(default=False)
    sold_out_until = UtcField(null=True)
    position = IntegerField(default=0)
    address = CharField(max_length=WIDTHS["address"], default="")
    search = TextField(default="")  # posapp.domain.catalogue.search_text
    version = IntegerField(default=1)
    changed_at = UtcField()

    class Meta:
        """Name the table."""

        table_name = "products"


class ProductOutbox(Base):
    """One state of a product on its way to a shop; see docs/decisions/0005. Kept after confirmation."""

    seq = BigAutoField()
    id = CharField(max_length=36, unique=True)
    remote = CharField(max_length=64)
    internal_id = CharField(max_length=WIDTHS["internal_id"])
    body = TextField()  # JSON, as the shop gets it
    state = CharField(max_length=16)
    single = BooleanField(default=False)  # not to be sent together with others
    batch = CharField(max_length=64, default="")  # the shop's number of the import that it is in
    actor = CharField(max_length=128)
    station = CharField(max_length=128)
    created_at = UtcField()
    not_before = UtcField(null=True)
    attempts = IntegerField(default=0)
    last_at = UtcField(null=True)
    unknown_at = UtcField(null=True)  # the last try that may still arrive
    last_error = TextField(default="")
    closed_at = UtcField(null=True)
    reason = TextField(default="")

    class Meta:
        """Name the table and its index."""

        table_name = "product_outbox"
        indexes = ((("remote", "internal_id", "seq"), False),)


class ProductPublished(Base):
    """What a shop has confirmed of each product."""

    remote = CharField(max_length=64)
    internal_id = CharField(max_length=WIDTHS["internal_id"])
    body = TextField()
    at = UtcField()

    class Meta:
        """Name the table and its key."""

        table_name = "product_published"
        primary_key = CompositeKey("remote", "internal_id")
        constraints = (SQL("CHECK (body <> '')"),)
