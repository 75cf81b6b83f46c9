"""Which fields stand where, by the order's format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from posapp.domain.rules import FieldRule

translate = QCoreApplication.translate
CHANGE_SHOWN = "="  # no field: what the courier brings back


@dataclass(frozen=True, slots=True)
class Cell:
    """A field in its row; `share` of the row's width, or `width` in pixels."""

    name: str
    share: int = 1
    width: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A card of fields; `aside` puts it over the order's lines."""

    title: str
    icon: str
    rows: tuple[tuple[Cell, ...], ...]
    aside: bool = False


def sections_of(format: str) -> tuple[Section, ...]:  # noqa: A002 - the word for it everywhere
    """Return the cards of an order's editor."""
    return _staff() if format == "staff" else _internal()


def field_names(format: str) -> tuple[str, ...]:  # noqa: A002
    """Return the fields of an editor in the order in which a person walks through them."""
    cells = [cell for section in sections_of(format) for row in section.rows for cell in row]
    return tuple(cell.name for cell in cells if cell.name != CHANGE_SHOWN)


def label_of(rule: FieldRule) -> str:
    """Return what a field is called in the editor."""
    own: Mapping[str, str] = {
        "due_at": translate("editor", "When"),
        "change": translate("editor", "Customer gives"),
        "payment_method": translate("editor", "Payment"),
        "payment_status": translate("editor", "Payment"),
        "delivery_class": translate("editor", "Delivery class"),
    }
    if rule.name == "payment_method" and len(rule.choices) == 1:
        return translate("editor", "Method")
    return own.get(rule.name) or translate("fields", rule.label)


def _internal() -> tuple[Section, ...]:
    return (
        Section(translate("editor", "Customer"), "user-fill", ((Cell("name"), Cell("phone")),)),
        Section(
            translate("editor", "Delivery address"),
            "map-pin-fill",
            (
                (
                    Cell("street", 1),
                    Cell("home", width=108),
                    Cell("apt", width=108),
                    Cell("entrance", width=108),
                    Cell("level", width=108),
                ),
                (Cell("city", width=222), Cell("comment")),
            ),
        ),
        Section(
            translate("editor", "Delivery & payment"),
            "moped-fill",
            (
                (
                    Cell("due_at"),
                    Cell("payment_method", width=196),
                    Cell("change", width=118),
                    Cell(CHANGE_SHOWN, width=128),
                ),
            ),
        ),
    )


def _staff() -> tuple[Section, ...]:
    return (
        Section(
            translate("editor", "Recipient"), "user-fill", ((Cell("name"), Cell("phone"), Cell("email")),)
        ),
        Section(
            translate("editor", "Delivery"),
            "map-pin-fill",
            (
                (Cell("street", 3), Cell("addressline", 3), Cell("city", 2)),
                (
                    Cell("district", width=200),
                    Cell("country"),
                    Cell("delivery_class", width=220),
                    Cell("shipping_cost", width=160),
                ),
            ),
        ),
        Section(
            translate("editor", "Payment & dates"),
            "money-fill",
            (
                (
                    Cell("payment_status", width=160),
                    Cell("payment_method", width=110),
                    Cell("shipping_date"),
                    Cell("delivery_date"),
                    Cell("payment_date"),
                ),
            ),
        ),
        Section(
            translate("editor", "Account holder"),
            "receipt-fill",
            ((Cell("c_name"), Cell("c_email")),),
            aside=True,
        ),
    )
