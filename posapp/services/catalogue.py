"""Keeping the catalogue: products and categories, what is sold out, and whole files of products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.catalogue import (
    WIDTHS,
    Category,
    Product,
    check_product,
    in_minor_units,
    product_problems,
)
from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.fields import line_width
from posapp.domain.people import Right
from posapp.domain.product_file import FileRow, ProductFile, product_object
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.kitchen import follow_catalogue
from posapp.services.permits import permit
from posapp.services.publishing import Shop, queue_changed
from posapp.storage.catalogue import category_key, product, products_by_id, write_product
from posapp.storage.feed import Topic
from posapp.storage.store import Store, Transaction

_TOLD_EVERY = 50


class StaleProductError(StaleOrderError):
    """Somebody else changed the product since it was read; `product` is how it is now."""

    def __init__(self, found: Product) -> None:
        super().__init__(
            f"The product “{found.title}” was changed meanwhile.", remedy="Compare both, then save again."
        )
        self.product = found


def save_product(
    store: Store, item: Product, currency: str, who: Who, *, shops: Sequence[Shop] = (), origin: str = ""
) -> Product:
    """Save a product over the version that was read (0: it is new), and queue it for these shops.

    Raises StaleProductError when somebody was faster, RefusedError naming the fields that do not fit.
    """
    item = _cleaned(item)
    check_product(item, currency)
    item = in_minor_units(item, currency)
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        found = product(tx, item.internal_id)
        if found is None and item.version:
            raise RefusedError("This product is not there any more.", remedy="Save it as a new one.")
        if found is not None and not item.version:
            taken = {"internal_id": f"“{found.title}” has it."}
            raise RefusedError("There is a product with this id already.", fields=taken)
        if found is not None and found.version != item.version:
            raise StaleProductError(found)
        if found == item:
            return found
        saved = write_product(tx, item)
        follow_catalogue(tx)
        _note(tx, "product_added" if found is None else "product_changed", saved, who)
        queue_changed(tx, shops, [saved], who)
        return saved


def set_sold_out(
    store: Store,
    internal_id: str,
    until: datetime | None,
    who: Who,
    *,
    shops: Sequence[Shop] = (),
    origin: str = "",
) -> Product:
    """Mark a product as sold out until then (FURTHER_NOTICE: until somebody says otherwise), or as back."""
    with store.write(origin) as tx:
        permit(tx, who, Right.SOLD_OUT)
        found = product(tx, internal_id)
        if found is None:
            raise RefusedError("This product is not there any more.")
        if until is not None and until <= tx.now:
            raise RefusedError("This time has passed.", fields={"sold_out_until": "Choose a later one."})
        if found.sold_out_until == until:
            return found
        saved = write_product(tx, replace(found, sold_out_until=until))
        _note(tx, "product_back" if until is None else "product_sold_out", saved, who)
        queue_changed(tx, [shop for shop in shops if shop.hide_sold_out], [saved], who)
        return saved


def save_category(
    store: Store, item: Category, who: Who, *, renamed_from: str = "", origin: str = ""
) -> Category:
    """Save a category; `renamed_from` is what it was called."""
    name = clean_line(item.name)
    if not name:
        raise RefusedError("A category needs a name.", fields={"name": "Must not be empty."})
    station = clean_line(item.station)[: WIDTHS["station"]]
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        if renamed_from and renamed_from != name:
            if tx.one("SELECT 1 FROM categories WHERE name = ?", (name,)) is not None:
                raise RefusedError(f"There is a category “{name}” already.", fields={"name": "Taken."})
            tx.execute("UPDATE categories SET name = ? WHERE name = ?", (name, renamed_from))
        key = category_key(tx, name)
        tx.execute(
            "UPDATE categories SET position = ?, colour = ?, icon = ?, station = ? WHERE pk = ?",
            (item.position, item.colour, item.icon, station, key),
        )
        follow_catalogue(tx)
        tx.event(None, "category_saved", who, {"name": name})
        tx.touch(None, Topic.CATALOGUE)
        return replace(item, name=name, station=station, pk=key or 0)


def delete_category(store: Store, name: str, who: Who, *, origin: str = "") -> None:
    """Delete a category; its products stay, without one."""
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        tx.execute("DELETE FROM categories WHERE name = ?", (name,))
        follow_catalogue(tx)
        tx.event(None, "category_deleted", who, {"name": name})
        tx.touch(None, Topic.CATALOGUE)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What one row of a file would do: `what` is new, changed, unchanged or wrong.

    `changes` are (column, before, after); of a wrong row (column, "", sentence).
    """

    number: int
    what: str
    internal_id: str
    title: str
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do; `problems` are (row, column, sentence)."""

    new: tuple[Product, ...]
    changed: tuple[Product, ...]
    unchanged: int
    problems: tuple[tuple[int, str, str], ...]
    notes: tuple[str, ...]
    rows: tuple[PreviewRow, ...] = ()


def preview_import(store: Store, file: ProductFile, currency: str) -> Preview:
    """Return what a file would do, without doing it; columns that it does not have stay as they are."""
    known = products_by_id(store, [str(row.values.get("internal_id", "")) for row in file.rows])
    new: list[Product] = []
    changed: list[Product] = []
    unchanged = 0
    problems: list[tuple[int, str, str]] = []
    told: list[PreviewRow] = []
    for row in file.rows:
        before = known.get(str(row.values.get("internal_id", "")))
        item, wrong = _applied(row, before, currency)
        problems += [(row.number, name, text) for name, text in wrong.items()]
        told.append(_told(row, before, item, wrong))
        if item is None:
            continue
        if before is None:
            new.append(item)
        elif item != before:
            changed.append(item)
        else:
            unchanged += 1
    return Preview(tuple(new), tuple(changed), unchanged, tuple(problems), file.notes, tuple(told))


def _told(row: FileRow, before: Product | None, item: Product | None, wrong: Mapping[str, str]) -> PreviewRow:
    """Return what a row would do, in words."""
    name = str(row.values.get("internal_id", ""))
    title = str(row.values.get("title") or (before.title if before else ""))
    if item is None:
        problems = tuple((column, "", text) for column, text in wrong.items())
        return PreviewRow(row.number, "wrong", name, title, problems)
    if before is None:
        return PreviewRow(row.number, "new", name, title)
    was, becomes = product_object(before), product_object(item)
    changes = tuple(
        (column, str(was[column]), str(becomes[column])) for column in was if was[column] != becomes[column]
    )
    return PreviewRow(row.number, "changed" if item != before else "unchanged", name, title, changes)


def _applied(row: FileRow, before: Product | None, currency: str) -> tuple[Product | None, dict[str, str]]:
    problems = dict(row.problems)
    if before is None:
        missing = {"title", "price"} - row.values.keys() - problems.keys()
        problems |= dict.fromkeys(sorted(missing), "A new product needs it.")
    if problems:
        return None, problems
    item = replace(before, **row.values) if before is not None else Product(**row.values)
    problems = product_problems(item, currency)
    return (None, problems) if problems else (in_minor_units(item, currency), {})


def import_products(
    store: Store,
    preview: Preview,
    who: Who,
    *,
    skip_problems: bool = False,
    shops: Sequence[Shop] = (),
    origin: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Product, ...]:
    """Save what a preview showed, all in one transaction; return what was saved.

    `progress` hears how many of how many are done; if it raises, nothing is saved.

    Raises RefusedError, and saves nothing, when rows have problems (unless they are to be left out) or when
    somebody changed one of the products since.
    """
    if preview.problems and not skip_problems:
        raise import_problem(preview)
    saved: list[Product] = []
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        for item in (*preview.new, *preview.changed):
            found = product(tx, item.internal_id)
            if (found.version if found else 0) != item.version:
                raise RefusedError(
                    f"The product “{item.title}” was changed meanwhile.", remedy="Look at the file again."
                )
            saved.append(write_product(tx, item))
            if progress is not None and len(saved) % _TOLD_EVERY == 0:
                progress(len(saved), len(preview.new) + len(preview.changed))
        if saved:
            counts = {"new": str(len(preview.new)), "changed": str(len(preview.changed))}
            follow_catalogue(tx)
            tx.event(None, "products_imported", who, counts)
            queue_changed(tx, shops, saved, who)
            tx.touch(None, Topic.CATALOGUE)
    return tuple(saved)


def import_problem(preview: Preview) -> RefusedError:
    """Return the error that names the rows with problems."""
    fields = {f"row {number}, {name}": text for number, name, text in preview.problems[:200]}
    rows = len({number for number, _, _ in preview.problems})
    return RefusedError(
        f"{rows} {'row has' if rows == 1 else 'rows have'} problems; nothing was saved.",
        " ".join(f"Row {number}, {name}: {text}" for number, name, text in preview.problems[:5]),
        "Correct them, or import the others alone.",
        fields,
    )


def _note(tx: Transaction, kind: str, item: Product, who: Who) -> None:
    tx.event(None, kind, who, {"internal_id": item.internal_id, "title": item.title[: line_width("title")]})
    tx.touch(None, Topic.CATALOGUE)


def _cleaned(item: Product) -> Product:
    return replace(
        item,
        internal_id=clean_line(item.internal_id),
        title=clean_line(item.title),
        weight=clean_line(item.weight),
        category=clean_line(item.category),
        station=clean_line(item.station),
        address=clean_line(item.address),
        colour=clean_line(item.colour),
        icon=clean_line(item.icon),
    )
