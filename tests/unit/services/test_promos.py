"""Promos: kept once, given on their days by whom they are for, told by name, never a way around the limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.errors import RefusedError
from posapp.domain.people import NotAllowedError, Right, Role
from posapp.domain.promo import MANAGERS, Promo
from posapp.domain.who import station_itself
from posapp.services import counter, people, promos, shifts
from posapp.services.sale_input import read_sale
from posapp.storage.promos import promos as listed
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock
from tests.support.till import RULES, a_line, a_sale

HALF = Promo("Happy hour", DiscountKind.PERCENT, Decimal(50))
STRICT = replace(RULES, discount_limit=Decimal(10))


def saved(store: Store, item: Promo = HALF) -> Promo:
    return promos.save_promo(store, item, "KZT", ANNA)


def test_a_promo_is_kept_changed_and_taken_off_the_list(store: Store) -> None:
    made = saved(store, replace(HALF, name="  Happy\nhour "))
    assert [one.name for one in listed(store)] == ["Happy hour"]
    with pytest.raises(RefusedError) as caught:
        saved(store, replace(HALF, name="HAPPY HOUR"))
    assert caught.value.fields == {"name": "There is such a promo already."}
    promos.save_promo(store, replace(made, value=Decimal(40)), "KZT", ANNA)
    assert [(one.id, one.value) for one in listed(store)] == [(made.id, Decimal(40))]
    promos.delete_promo(store, made.id, ANNA)
    assert listed(store) == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "name"), ({"value": Decimal(101)}, "value"), ({"role": "cook"}, "role")],
)
def test_what_is_no_promo_is_refused_at_its_field(
    store: Store, change: dict[str, object], field: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        saved(store, replace(HALF, **change))  # type: ignore[arg-type]
    assert list(caught.value.fields) == [field]


def test_a_promo_of_the_list_needs_no_manager_however_big_and_the_rest_does(store: Store) -> None:
    made = saved(store)
    boss = people.add_person(store, "Olga", Role.MANAGER, "735928", station_itself("counter-1"))
    olga = people.sign_in(store, boss.id, "735928", "counter-1").who
    aigerim = people.add_person(store, "Aigerim", Role.COUNTER, "1397", olga)
    who = people.sign_in(store, aigerim.id, "1397", "counter-1").who
    sold = counter.sell(store, a_sale(discounts=(made.discount,)), STRICT, who)
    assert sold.priced.total == Decimal("1300.00")

    own = Discount(DiscountKind.PERCENT, Decimal(20), "friend")
    # Neither beside a promo, nor under its name, nor under its id, is more given than the limit allows.
    for more in (
        (made.discount, own),
        (replace(made.discount, promo_id=""),),
        (replace(made.discount, value=Decimal(60)),),
        (replace(made.discount, promo_id="no-such-promo"),),
    ):
        with pytest.raises(NotAllowedError) as caught:
            counter.sell(store, a_sale(discounts=more), STRICT, who)
        assert caught.value.right is Right.BIG_DISCOUNT

    promos.save_promo(store, replace(made, role=MANAGERS), "KZT", olga)
    with pytest.raises(NotAllowedError) as caught:
        counter.sell(store, a_sale(discounts=(made.discount,)), STRICT, who)
    assert caught.value.right is Right.PROMO
    people.approve(store, boss.id, "735928", Right.PROMO, who)
    counter.sell(store, a_sale(discounts=(made.discount,)), STRICT, who)
    # What was sold with it is edited without a further word.
    counter.edit_sale(store, sold.pk, a_sale(a_line("500"), discounts=(made.discount,)), STRICT, who)


def test_a_promo_is_given_on_its_days_in_the_shops_zone(store: Store, clock: Clock) -> None:
    today = clock().astimezone(RULES.zone).date()
    made = saved(
        store, replace(HALF, first_day=today + timedelta(days=1), last_day=today + timedelta(days=1))
    )
    sale = a_sale(discounts=(made.discount,))
    with pytest.raises(RefusedError, match="not given today"):
        counter.sell(store, sale, RULES, ANNA)
    clock.pass_by(days=1)
    sold = counter.sell(store, sale, RULES, ANNA)
    clock.pass_by(days=1)
    with pytest.raises(RefusedError) as caught:
        counter.sell(store, sale, RULES, ANNA)
    assert caught.value.fields == {"discounts": "This promo is not given today."}
    counter.edit_sale(store, sold.pk, replace(sale, comment="no onions"), STRICT, ANNA)


def test_reports_tell_it_by_name(store: Store) -> None:
    made = saved(store)
    shifts.open_shift(store, Decimal(0), RULES, ANNA)
    counter.sell(store, a_sale(discounts=(made.discount,)), RULES, ANNA)
    promos.delete_promo(store, made.id, ANNA)
    x = shifts.x_report(store, ANNA)
    assert [(one.name, one.amount) for one in x.figures.discounts] == [("Happy hour", Decimal("1300.00"))]


def test_a_program_names_it_and_nothing_more(store: Store) -> None:
    made = saved(store)
    order = {
        "lines": [{"title": "Plov", "unit_price": "1000", "discount": {"promo": "happy HOUR"}}],
        "discounts": [{"promo": "Happy hour"}, {"percent": 5, "promo": "Happy hour"}],
    }
    sale = read_sale(order, store, RULES, store.clock()).sale
    free = Discount(DiscountKind.PERCENT, Decimal(5), promo="Happy hour")
    assert sale.discounts == (made.discount, free)
    assert sale.lines[0].discount == made.discount
    with pytest.raises(RefusedError) as caught:
        read_sale(order | {"discounts": [{"promo": "Unknown"}]}, store, RULES, store.clock())
    assert caught.value.fields == {"discounts[0]": "Give percent or amount."}
