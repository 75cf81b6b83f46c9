"""Who may take figures out of the program."""

from __future__ import annotations

import pytest

from posapp.domain.people import NotPermittedError, Role
from posapp.services import people
from posapp.services.exporting import check_export
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA


def test_a_shop_without_people_exports_freely_and_one_with_people_asks_who_it_is(store: Store) -> None:
    check_export(store, ANNA)
    people.add_person(store, "Dana", Role.MANAGER, "735928", ANNA)
    with pytest.raises(NotPermittedError):
        check_export(store, ANNA)
