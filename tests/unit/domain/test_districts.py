"""The districts, and finding one from what somebody began to type or spelled nearly right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.districts import DISTRICTS, district_named, find_districts


def test_there_are_77_in_order_and_each_only_once() -> None:
    assert len(set(DISTRICTS)) == 77
    assert list(DISTRICTS) == sorted(DISTRICTS)
    assert all(name == name.strip().title() for name in DISTRICTS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kat", ("Kathmandu",)),
        ("  KATH\u200b", ("Kathmandu",)),
        ("pal", ("Palpa", "Kavrepalanchok", "Sindhupalchok")),
        ("rukum", ("Eastern Rukum", "Western Rukum")),
        ("Rukum (West)", ("Western Rukum",)),
        ("bara", ("Bara",)),
        ("para", ("Parasi", "Parsa", "Parbat", "Bara")),
        ("bora", ("Bara",)),
        ("dti", ("Doti",)),
        ("katma", ("Kathmandu",)),
        ("Katmandu", ("Kathmandu",)),
        ("Makawanpur", ("Makwanpur",)),
        ("Kapilbastu", ("Kapilvastu",)),
        ("Sindhupalchowk", ("Sindhupalchok",)),
        ("Nawalparasi", ("Parasi", "Nawalpur")),
        ("Ilam district", ("Ilam",)),
        ("x", ()),
        ("--", ()),
        ("Алматы", ()),
        ("z" * 100_000, ()),
        ("", DISTRICTS),
        (" \n", DISTRICTS),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_found(text: str, found: tuple[str, ...]) -> None:
    assert find_districts(text) == found


@given(st.sampled_from(DISTRICTS), st.data())
def test_every_beginning_finds_the_district_among_the_first(name: str, data: st.DataObject) -> None:
    begin = name[: data.draw(st.integers(1, len(name)))]
    found = find_districts(begin.swapcase())
    begun = [each for each in DISTRICTS if each.startswith(begin)]

    assert name in begun
    assert list(found[: len(begun)]) == begun


@given(st.sampled_from(DISTRICTS), st.data())
def test_one_letter_wrong_missing_or_too_many_finds_the_district(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(["", "z", name[place] + "z"]))

    assert name in find_districts(name[:place] + letter + name[place + 1 :])


@given(st.text(max_size=20))
def test_any_text_finds_known_districts_once(text: str) -> None:
    found = find_districts(text)

    assert set(found) <= set(DISTRICTS)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(("text", "name"), [("eastern  RUKUM", "Eastern Rukum"), ("Rukum", None), ("", None)])
def test_a_district_is_named_in_full(text: str, name: str | None) -> None:
    assert district_named(text) == name
