"""The models of what a staff shop tells around its orders, as it was fetched last."""

from __future__ import annotations

from peewee import BooleanField, CharField, CompositeKey, IntegerField, TextField

from posapp.domain.catalogue import WIDTHS
from posapp.domain.fields import line_width
from posapp.storage.fields import MoneyField, UtcField
from posapp.storage.models import Base


class ShopInfoNote(Base):
    """When a shop was asked, and what could not be read."""

    remote = CharField(max_length=64, primary_key=True)
    fetched_at = UtcField()
    skipped = IntegerField(default=0)
    problems = TextField(default="")  # sentences, one a line

    class Meta:
        """Name the table."""

        table_name = "shop_info"


class ShopDistrict(Base):
    """A district of a shop, with its delivery's prices by class where the list of districts has them."""

    remote = CharField(max_length=64)
    name = CharField(max_length=WIDTHS["title"])
    deliverable = BooleanField(default=False)
    class_a = MoneyField(null=True)
    class_b = MoneyField(null=True)
    class_c = MoneyField(null=True)

    class Meta:
        """Name the table and its key."""

        table_name = "shop_districts"
        primary_key = CompositeKey("remote", "name")


class ShopDeliveryCost(Base):
    """What the delivery to a district costs by class, in one of the shop's currencies."""

    remote = CharField(max_length=64)
    district = CharField(max_length=WIDTHS["title"])
    price_unit = CharField(max_length=32, default="")
    class_a = MoneyField()
    class_b = MoneyField()
    class_c = MoneyField()

    class Meta:
        """Name the table and its key."""

        table_name = "shop_delivery_costs"
        primary_key = CompositeKey("remote", "district", "price_unit")


class ShopTax(Base):
    """A tax of a shop; its products name it by its address."""

    remote = CharField(max_length=64)
    remote_id = CharField(max_length=128)
    address = CharField(max_length=WIDTHS["address"])
    name = CharField(max_length=WIDTHS["title"])
    percent = MoneyField()

    class Meta:
        """Name the table and its key."""

        table_name = "shop_taxes"
        primary_key = CompositeKey("remote", "remote_id")


class ShopProduct(Base):
    """A product of a shop's own catalogue, which is not what the counter here sells."""

    remote = CharField(max_length=64)
    remote_id = CharField(max_length=128)
    address = CharField(max_length=WIDTHS["address"])
    name = CharField(max_length=WIDTHS["title"])
    price = MoneyField()
    discount_percent = MoneyField(default="0")
    final_cost = MoneyField(null=True)
    price_unit = CharField(max_length=line_width("price_unit"), default="")
    description = CharField(max_length=line_width("description"), default="")
    sku = CharField(max_length=WIDTHS["title"], default="")
    active = BooleanField(default=True)
    stock = MoneyField(null=True)
    stock_unit = CharField(max_length=64, default="")
    tax = CharField(max_length=WIDTHS["address"], default="")
    category = CharField(max_length=WIDTHS["address"], default="")
    search = TextField(default="")  # the name in small letters

    class Meta:
        """Name the table and its key."""

        table_name = "shop_products"
        primary_key = CompositeKey("remote", "remote_id")
