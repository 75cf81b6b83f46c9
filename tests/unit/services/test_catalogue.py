"""Keeping the catalogue: products and their versions, what is sold out, files with a preview."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from posapp.domain.catalogue import FURTHER_NOTICE, Category
from posapp.domain.errors import RefusedError
from posapp.domain.product_file import read_products, write_csv
from posapp.services import catalogue
from posapp.services.catalogue import import_products, preview_import
from posapp.storage.catalogue import categories, product, products, search_products
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, Clock
from tests.support.till import SIZES, events, pizza


def saved(store: Store, *items: str) -> None:
    for name in items:
        catalogue.save_product(store, pizza(internal_id=name, title=name), "KZT", ANNA)


def test_a_product_is_saved_whole(store: Store) -> None:
    item = pizza(modifiers=(SIZES,), weight="450 г", colour="#C62828", station="oven", position=2)
    found = catalogue.save_product(store, item, "KZT", ANNA)

    assert product(store, "p-1") == item == found
    assert (found.version, found.pk > 0) == (1, True)
    assert str(found.price) == "2600.00"
    assert events(store) == ["product_added"]


def test_a_change_names_the_version_that_was_seen(store: Store) -> None:
    first = catalogue.save_product(store, pizza(), "KZT", ANNA)
    second = catalogue.save_product(store, replace(first, price=Decimal("2700")), "KZT", ANNA)
    assert second.version == 2
    with pytest.raises(catalogue.StaleProductError) as caught:
        catalogue.save_product(store, replace(first, title="Other"), "KZT", ANNA)

    assert caught.value.product.price == Decimal("2700.00")
    assert catalogue.save_product(store, second, "KZT", ANNA).version == 2  # nothing changed
    with pytest.raises(RefusedError, match="already"):
        catalogue.save_product(store, pizza(title="Twin"), "KZT", ANNA)
    with pytest.raises(RefusedError, match="not there any more"):
        catalogue.save_product(store, pizza(internal_id="p-9", version=3), "KZT", ANNA)
    with pytest.raises(RefusedError) as refused:
        catalogue.save_product(store, pizza(title="", price=Decimal("-1")), "KZT", ANNA)
    assert set(refused.value.fields) == {"title", "price"}


def test_sold_out_until_then_or_until_further_notice(store: Store, clock: Clock) -> None:
    saved(store, "p-1")
    until = START + timedelta(hours=3)
    assert catalogue.set_sold_out(store, "p-1", until, ANNA).sold_out(clock())
    clock.pass_by(hours=4)
    found = product(store, "p-1")
    assert found is not None
    assert not found.sold_out(clock())
    catalogue.set_sold_out(store, "p-1", FURTHER_NOTICE, ANNA)
    clock.pass_by(days=3_000)
    found = product(store, "p-1")
    assert found is not None
    assert found.sold_out(clock())
    back = catalogue.set_sold_out(store, "p-1", None, ANNA)
    assert (back.sold_out(clock()), back.version) == (False, 4)
    assert events(store)[1:] == ["product_sold_out", "product_sold_out", "product_back"]
    with pytest.raises(RefusedError, match="passed"):
        catalogue.set_sold_out(store, "p-1", START, ANNA)
    with pytest.raises(RefusedError, match="not there"):
        catalogue.set_sold_out(store, "p-2", None, ANNA)


def test_categories_keep_their_place_and_products_outlive_them(store: Store) -> None:
    catalogue.save_product(store, pizza(), "KZT", ANNA)
    catalogue.save_product(store, pizza(internal_id="t", title="Чай", category="Drinks"), "KZT", ANNA)
    assert [item.name for item in categories(store)] == ["Pizza", "Drinks"]
    catalogue.save_category(store, Category(" Напитки ", 0, "#1565C0", "cup"), ANNA, renamed_from="Drinks")

    assert [(item.name, item.colour) for item in categories(store)] == [("Напитки", "#1565C0"), ("Pizza", "")]
    assert [item.internal_id for item in products(store, category="Напитки")] == ["t"]
    assert [item.internal_id for item in products(store)] == ["t", "p-1"]
    with pytest.raises(RefusedError, match="already"):
        catalogue.save_category(store, Category("Pizza"), ANNA, renamed_from="Напитки")
    with pytest.raises(RefusedError, match="name"):
        catalogue.save_category(store, Category(" "), ANNA)
    catalogue.delete_category(store, "Напитки", ANNA)
    tea = product(store, "t")
    assert tea is not None
    assert tea.category == ""


def test_search_finds_what_begins_so_first_in_any_alphabet(store: Store) -> None:
    saved(store, "Зелёный чай", "Чай чёрный", "Лимонад", "100% juice", "a_b", "a1b")
    catalogue.save_product(store, pizza(internal_id="Чайник", deleted=True), "KZT", ANNA)

    def found(text: str) -> list[str]:
        return [item.title for item in search_products(store, text)]

    assert found("чАй") == ["Чай чёрный", "Зелёный чай"]
    assert found("чай зел") == ["Зелёный чай"]
    assert found("100%") == ["100% juice"]
    assert found("a_") == ["a_b"]
    assert found("nothing") == []
    assert len(found("")) == 6


# -- files ---------------------------------------------------------------------------------------------


def test_a_preview_saves_nothing_and_tells_what_would_be(store: Store) -> None:
    catalogue.save_product(store, pizza(), "KZT", ANNA)
    catalogue.save_product(store, pizza(internal_id="p-2", weight="5 g"), "KZT", ANNA)
    file = read_products(b"internal_id;title;price\np-1;Margherita;2700\np-2;;\np-3;Tea;500\n")
    preview = preview_import(store, file, "KZT")

    assert [item.title for item in preview.new] == ["Tea"]
    assert [(item.internal_id, item.price, item.category) for item in preview.changed] == [
        ("p-1", Decimal("2700.00"), "Pizza")
    ]
    assert preview.problems == ((3, "price", "Is empty: write a number, 0 for none."),)
    assert len(products(store)) == 2


def test_nothing_is_saved_while_a_row_has_problems(store: Store) -> None:
    file = read_products(b"internal_id;title;price\n1;Tea;500\n2;;500\n3;Bun;-5\n4;Pie\n")
    preview = preview_import(store, file, "KZT")
    with pytest.raises(RefusedError) as caught:
        import_products(store, preview, ANNA)

    assert caught.value.fields == {
        "row 3, title": "Must not be empty.",
        "row 4, price": "Has to be 0 or more.",
        "row 5, price": "A new product needs it.",
    }
    assert products(store) == ()
    assert [item.title for item in import_products(store, preview, ANNA, skip_problems=True)] == ["Tea"]
    assert events(store) == ["products_imported"]


def test_an_import_over_somebody_elses_change_is_refused(store: Store) -> None:
    first = catalogue.save_product(store, pizza(), "KZT", ANNA)
    preview = preview_import(store, read_products(b"internal_id;price\np-1;9\nq;8\n"), "KZT")
    catalogue.save_product(store, replace(first, title="Other"), "KZT", ANNA)
    preview = replace(preview, problems=())
    with pytest.raises(RefusedError, match="meanwhile"):
        import_products(store, preview, ANNA)

    found = product(store, "p-1")
    assert found is not None
    assert found.price == Decimal("2600.00")


def test_a_catalogue_goes_out_and_comes_in_again(store: Store) -> None:
    catalogue.save_product(store, pizza(modifiers=(SIZES,), weight="1;2"), "KZT", ANNA)
    saved(store, "Чай")
    preview = preview_import(store, read_products(write_csv(products(store))), "KZT")

    assert (preview.new, preview.changed, preview.unchanged, preview.problems) == ((), (), 2, ())
    assert import_products(store, preview, ANNA) == ()


def test_the_kitchens_sections_follow_the_catalogue(store: Store) -> None:
    def sections() -> list[tuple[str, str]]:
        return store.all("SELECT title, category FROM dish_categories ORDER BY title")

    catalogue.save_product(store, pizza(title="Маргарита"), "KZT", ANNA)
    catalogue.save_product(store, pizza(internal_id="t", title="Чай", category="Drinks"), "KZT", ANNA)
    assert sections() == [("Маргарита", "Pizza"), ("Чай", "Drinks")]
    catalogue.save_category(store, Category("Напитки"), ANNA, renamed_from="Drinks")
    assert sections() == [("Маргарита", "Pizza"), ("Чай", "Напитки")]
    catalogue.delete_category(store, "Напитки", ANNA)
    assert sections() == [("Маргарита", "Pizza")]
