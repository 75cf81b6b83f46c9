"""The fields of an order by their public names, one table for each format: what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from posapp.domain.districts import DISTRICTS
from posapp.domain.fields import width
from posapp.domain.status import PaymentMethod, PaymentStatus

INTERNAL, STAFF, COUNTER = "internal", "staff", ""
MOST_SHIPPING = Decimal("1000000")
MOST_CHANGE = Decimal("100000000")


class FieldKind(StrEnum):
    """What a field holds; the column of an INTEGER is a number, that of a CHOICE is text."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"
    INTEGER = "integer"
    AMOUNT = "amount"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field: what people may write into it, and where it is kept."""

    name: str  # the public name: FIELD of `posapp orders edit`
    column: str  # the attribute of RemoteOrder and of the model Order
    kind: FieldKind
    label: str
    length: int = 0  # the most characters; 0: another bound holds
    required: bool = False
    clearable: bool = True  # it may be emptied; a required one never, and what is empty may stay so
    read_only: bool = False
    refusal: str = ""  # of a read-only field: why, and what to do instead
    choices: tuple[str, ...] = ()  # canonical texts
    choice_labels: tuple[str, ...] = ()  # beside them, for people
    stored: tuple[str, ...] = ()  # beside them: what the column holds, where it is another word
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    multi_line: bool = False

    @property
    def may_be_empty(self) -> bool:
        """Tell whether a person may leave it empty."""
        return self.clearable and not self.required


_K = FieldKind


def _text(name: str, label: str, length: int = 0, column: str = "") -> FieldRule:
    """Return the rule of a text that may be empty; without a length it is as wide as its column."""
    column = column or name
    return FieldRule(name, column, _K.TEXT, label, length or width(column))


def _needed(name: str, label: str, length: int, column: str = "") -> FieldRule:
    return FieldRule(name, column or name, _K.TEXT, label, length, required=True)


def _time(name: str, label: str, column: str) -> FieldRule:
    return FieldRule(name, column, _K.INSTANT, label)


def _fixed(name: str, label: str, column: str, kind: FieldKind, why: str) -> FieldRule:
    return FieldRule(name, column, kind, label, read_only=True, refusal=f"{label} stays as it is: {why}")


_READ_ONLY = (
    _fixed("id", "Remote number", "remote_id", _K.TEXT, "the shop gives it. Edit another field."),
    _fixed("code", "Code", "code", _K.TEXT, "an order keeps its code for good. Edit another field."),
    _fixed("final_cost", "Total", "total", _K.AMOUNT, "nobody sets it by hand. Edit another field."),
    _fixed(
        "order_date", "Order date", "created_at", _K.INSTANT,
        "it is when the customer ordered. Edit another field.",
    ),
)  # fmt: skip
_STAFF = (
    *_READ_ONLY,
    _needed("name", "Name", 100, "customer_name"),
    FieldRule("phone", "phone", _K.PHONE, "Phone", 20),
    FieldRule("email", "email", _K.EMAIL, "Email", 255, required=True),
    _needed("street", "Street", 250),
    FieldRule("addressline", "addressline", _K.TEXT, "Address line", 100, clearable=False),
    _needed("city", "City", 50),
    FieldRule("district", "district", _K.CHOICE, "District", required=True, choices=DISTRICTS),
    _text("country", "Country"),
    FieldRule(
        "shipping_cost", "delivery_cost", _K.AMOUNT, "Shipping cost",
        clearable=False, minimum=Decimal("0"), maximum=MOST_SHIPPING,
    ),
    FieldRule(
        "delivery_class", "delivery_class", _K.INTEGER, "Delivery class", clearable=False,
        choices=("0", "1", "2"), choice_labels=("Class A", "Class B", "Class C"),
    ),
    FieldRule(
        "payment_status", "payment_status", _K.CHOICE, "Payment status", clearable=False,
        choices=("0", "1"), choice_labels=("Not paid", "Paid"),
        stored=(PaymentStatus.UNPAID, PaymentStatus.PAID),
    ),
    FieldRule(
        "payment_method", "payment_method", _K.CHOICE, "Payment method", clearable=False,
        choices=("0",), choice_labels=("Cash on delivery",), stored=(PaymentMethod.CASH,),
    ),
    _text("c_name", "Account name", 180, "account_name"),
    FieldRule("c_email", "account_email", _K.EMAIL, "Account email", 254),
    _time("shipping_date", "Shipping date", "shipping_at"),
    _time("delivery_date", "Delivery date", "delivered_at"),
    _time("payment_date", "Payment date", "paid_at"),
)  # fmt: skip
_INTERNAL = (
    *_READ_ONLY,
    _fixed(
        "payment_status", "Payment status", "payment_status", _K.TEXT,
        "the money is not settled by an edit. Edit another field.",
    ),
    _text("name", "Name", column="customer_name"),
    FieldRule("phone", "phone", _K.PHONE, "Phone", 20),
    _text("street", "Street"),
    _text("home", "Home"),
    _text("apt", "Apt"),
    _text("entrance", "Entrance"),
    _text("level", "Level"),
    _text("city", "City"),
    FieldRule("comment", "comment", _K.TEXT, "Comment", width("comment"), multi_line=True),
    _time("due_at", "Due time", "due_at"),
    FieldRule(
        "change", "change_from", _K.AMOUNT, "Change from", minimum=Decimal("0"), maximum=MOST_CHANGE
    ),
    FieldRule(
        "payment_method", "payment_method", _K.CHOICE, "Payment method", clearable=False,
        choices=(PaymentMethod.CARD, PaymentMethod.CASH), choice_labels=("Card", "Cash"),
    ),
)  # fmt: skip


def _table(rules: tuple[FieldRule, ...]) -> Mapping[str, FieldRule]:
    return MappingProxyType({rule.name: rule for rule in rules})


_TABLES = {INTERNAL: _table(_INTERNAL), STAFF: _table(_STAFF), COUNTER: _table(_INTERNAL)}


def rules_of(format: str) -> Mapping[str, FieldRule]:  # noqa: A002 - the word for it everywhere
    """Return the fields of an order of this format ("internal", "staff", "" for the counter), by name."""
    return _TABLES[format]


def editable_names(format: str) -> tuple[str, ...]:  # noqa: A002
    """Return the names of the fields that people may edit, in the order of the table."""
    return tuple(name for name, rule in rules_of(format).items() if not rule.read_only)
