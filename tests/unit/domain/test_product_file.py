"""Files of products as spreadsheets and programs write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from posapp.domain.catalogue import (
    ModifierGroup,
    ModifierOption,
    Product,
    check_choices,
    product_problems,
)
from posapp.domain.errors import RefusedError
from posapp.domain.product_file import product_object, read_products, write_csv
from posapp.domain.product_values import read_number

PIZZA = Product(
    "p-1",
    "Пицца «Маргарита»; острая",
    Decimal("2600.00"),
    weight="450 г",
    category="Pizza",
    colour="#C62828",
    icon="pizza",
    station="oven",
    tax_percent=Decimal("12"),
    modifiers=(
        ModifierGroup("Size", (ModifierOption("S"), ModifierOption("L", Decimal("300.00"), "l-1")), 1, 1),
        ModifierGroup("Extras", (ModifierOption("Cheese", Decimal("250.50")),), 0, 0),
    ),
    sold_out_until=datetime(2026, 3, 6, 6, 0, tzinfo=UTC),
    position=3,
    address="/api/products/7/",
)
FORMULA = Product("=1+1", "+7 sauce", Decimal("0"), deleted=True)


def values(data: bytes) -> list[dict[str, object]]:
    return [dict(row.values) for row in read_products(data).rows]


def problems(data: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.problems)) for row in read_products(data).rows if row.problems]


def test_what_is_written_is_read_again() -> None:
    for data in (
        write_csv([PIZZA, FORMULA]),
        json.dumps([product_object(PIZZA), product_object(FORMULA)]).encode(),
        json.dumps({"products": [product_object(PIZZA), product_object(FORMULA)]}).encode(),
    ):
        file = read_products(data)
        assert [row.problems for row in file.rows] == [{}, {}]
        assert [Product(**row.values) for row in file.rows] == [PIZZA, FORMULA]


def test_a_spreadsheet_never_gets_a_formula() -> None:
    cells = write_csv([FORMULA]).decode("utf-8-sig").splitlines()[1].split(";")

    assert cells[:2] == ["'=1+1", "'+7 sauce"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("internal_id;title;price\r\np-1;Чай;2 600,50\r\n", "utf-8-sig"),
        ("internal_id;title;price\r\np-1;Чай;2 600,50\r\n", "cp1251"),
        ("internal_id\ttitle\tprice\r\np-1\tЧай\t2600,5\r\n", "utf-16"),
        ("sep=,\r\nInternal ID,Title,PRICE\r\np-1,Чай,2600.50\r\n", "utf-8"),
        ('internal_id,title,price\np-1,"Чай",\u00a02\u202f600.50\n\n,,\n', "utf-8"),
        ('id;title;price\np-1;"Чай";"2,600.50"\n', "utf-8"),
    ],
)
def test_tables_as_spreadsheets_write_them(text: str, encoding: str) -> None:
    found = values(text.encode(encoding))

    assert found == [{"internal_id": "p-1", "title": "Чай", "price": Decimal("2600.50")}]


def test_the_old_code_page_is_told() -> None:
    assert read_products("internal_id;title\n1;Чай\n".encode("cp1251")).notes
    assert not read_products("internal_id;title\n1;Чай\n".encode()).notes


def test_problems_are_told_by_row_and_column() -> None:
    data = (
        b"internal_id;title;price;tax;deleted;position;sold_out_until;modifiers\n"
        b"1;Tea;dear;x;maybe;1.5;tomorrow;no groups\n"
        b";Tea;5;;;;;\n"
        b"2;Tea;5;12;yes;4;2026-03-06T06:00:00+05:00;\n"
        b"2;Tea;5;;;;;;too many\n"
    )

    assert problems(data) == [
        (
            2,
            {
                "price": "“dear” is not a number.",
                "tax_percent": "“x” is not a number.",
                "deleted": "Has to be yes or no.",
                "position": "Has to be a whole number.",
                "sold_out_until": "“tomorrow” is not a time that exists.",
                "modifiers": "“no groups” is not like “Size (1-1): Small=0; Large=300”.",
            },
        ),
        (3, {"tax_percent": "Is empty: write a number, 0 for none.", "internal_id": "Must not be empty."}),
        (
            5,
            {
                "row": "There are more cells than columns.",
                "tax_percent": "Is empty: write a number, 0 for none.",
                "internal_id": "Row 4 has it too.",
            },
        ),
    ]


def test_problems_of_json() -> None:
    data = json.dumps(
        [
            7,
            {"internal_id": "1", "title": ["x"], "colours": "red", "modifiers": [{"title": "Size"}]},
            {"internal_id": True, "modifiers": [{"title": "Size", "options": ["S"]}], "price": True},
        ]
    ).encode()

    assert problems(data) == [
        (1, {"row": "This is not a product."}),
        (
            2,
            {
                "title": "Has to be a text.",
                "colours": "There is no such column.",
                "modifiers": "Each group needs a title and options.",
            },
        ),
        (
            3,
            {
                "internal_id": "Has to be a text.",
                "modifiers": "Each option needs a title.",
                "price": "“True” is not a number.",
            },
        ),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"title;price\nTea;5\n", "internal_id is missing"),
        (b"internal_id;title;prise\n1;Tea;5\n", "prise"),
        (b"internal_id;title;title\n1;Tea;5\n", "title"),
        (b'{"products": 5}', "no products"),
        (b"[1, ", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_what_is_no_file_of_products(data: bytes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        read_products(data)


@pytest.mark.parametrize("text", ["", "-", "1e5", "NaN", "1.2.3", "1,250,000.5x", "١٢", "9" * 13])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|Is empty"):
        read_number(text)


@pytest.mark.parametrize("text", ["1,250", "1.250", "-12,500"])
def test_thousands_are_not_taken_for_decimals(text: str) -> None:
    with pytest.raises(ValueError, match="two ways"):
        read_number(text)
    assert read_number("0,250") == Decimal("0.25")


def test_a_product_has_to_make_sense() -> None:
    def group(*options: ModifierOption, least: int = 0, most: int = 0, title: str = "G") -> ModifierGroup:
        return ModifierGroup(title, options, least, most)

    cheap, dear = ModifierOption("a", Decimal("-9")), ModifierOption("b", Decimal("1"))
    bad: list[tuple[Product, str]] = [
        (Product("", "x", Decimal(1)), "internal_id"),
        (Product("1", " ", Decimal(1)), "title"),
        (Product("1", "x", Decimal(-1)), "price"),
        (Product("1", "x" * 501, Decimal(1)), "title"),
        (Product("1", "x", Decimal(1), tax_percent=Decimal(100)), "tax_percent"),
        (Product("1", "x", Decimal(8), modifiers=(group(cheap),)), "modifiers"),
        (Product("1", "x", Decimal(8), modifiers=(group(dear, dear),)), "modifiers"),
        (Product("1", "x", Decimal(8), modifiers=(group(dear, least=2),)), "modifiers"),
        (Product("1", "x", Decimal(8), modifiers=(group(dear, cheap, least=2, most=1),)), "modifiers"),
        (Product("1", "x", Decimal(8), modifiers=(group(title=" "),)), "modifiers"),
    ]
    for product, field in bad:
        assert list(product_problems(product, "KZT")) == [field]
    assert product_problems(Product("1", "x", Decimal(9), modifiers=(group(cheap),)), "KZT") == {}


def test_choices_have_to_fit_their_groups() -> None:
    assert check_choices(PIZZA, ["L"]) == {}
    assert check_choices(PIZZA, []) == {"Size": "Choose at least 1."}
    assert check_choices(PIZZA, ["S", "L", "Cheese"]) == {"Size": "Choose at most 1."}
