"""Keeping what a staff shop tells around its orders, when a person fetched it."""

from __future__ import annotations

from posapp.domain.shopinfo import ShopInfo
from posapp.domain.who import Who
from posapp.storage.feed import Topic
from posapp.storage.shopinfo import write_shop_info
from posapp.storage.store import Store


def keep_shop_info(store: Store, remote: str, info: ShopInfo, who: Who, *, origin: str = "") -> None:
    """Store districts, delivery costs, taxes and products of a shop over what was known of them.

    What the shop does not name any more goes; but nothing goes as long as something could not be read.
    """
    with store.write(origin) as tx:
        write_shop_info(tx, remote, info)
        counts = {
            "remote": remote,
            "districts": str(len(info.districts)),
            "delivery_costs": str(len(info.delivery_costs)),
            "taxes": str(len(info.taxes)),
            "products": str(len(info.products)),
        }
        tx.event(None, "shop_info_fetched", who, counts)
        tx.touch(None, Topic.CATALOGUE)
