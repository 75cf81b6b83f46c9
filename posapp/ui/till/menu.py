"""The dishes as the counter sees them: read whole in the jobs' thread, searched at once in the window's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from PySide6.QtCore import QObject

from posapp.domain.catalogue import Category, Product, search_text
from posapp.storage.catalogue import categories, products
from posapp.storage.feed import Change, Topic
from posapp.storage.popular import popular_products
from posapp.ui.context import Context
from posapp.ui.reading import OneReader

POPULAR = ""  # the category that is none
_POPULAR_OF = timedelta(days=14)
_FIRST_ONES = 16
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_LAYOUT = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)


@dataclass(frozen=True, slots=True)
class Dishes:
    """All that can be sold, in the order of the grid."""

    products: tuple[Product, ...] = ()
    categories: tuple[Category, ...] = ()
    popular: tuple[Product, ...] = ()
    by_id: Mapping[str, Product] = field(default_factory=dict)
    texts: tuple[str, ...] = ()

    def of(self, category: str) -> tuple[Product, ...]:
        """Return the dishes of a category, "" for the popular ones."""
        if category == POPULAR:
            return self.popular
        return tuple(product for product in self.products if product.category == category)

    def found(self, typed: str) -> tuple[Product, ...]:
        """Return the dishes with all the words, those that begin with them first.

        What was typed in the other of two layouts is understood, when nothing else is.
        """
        plain = typed.casefold()
        return self._having(plain) or self._having(plain.translate(_OTHER_LAYOUT))

    def _having(self, plain: str) -> tuple[Product, ...]:
        words = plain.split()
        if not words:
            return ()
        first, later = words[0], f" {words[0]}"
        hits: list[tuple[int, int]] = []
        for place, text in enumerate(self.texts):
            if all(word in text for word in words):
                rank = 0 if text.startswith(first) else 1 if later in text else 2
                hits.append((rank, place))
        return tuple(self.products[place] for _, place in sorted(hits))


def dishes_of(
    found: tuple[Product, ...], groups: tuple[Category, ...], popular_ids: tuple[str, ...]
) -> Dishes:
    """Return the dishes; where nothing was sold yet, the first ones are the popular ones."""
    by_id = {product.internal_id: product for product in found}
    popular = [by_id[one] for one in popular_ids if one in by_id]
    more = [product for product in found if product not in popular]
    popular += more[: max(0, _FIRST_ONES - len(popular))]
    used = {product.category for product in found}
    return Dishes(
        found,
        tuple(group for group in groups if group.name in used),
        tuple(popular),
        by_id,
        tuple(search_text(product) for product in found),
    )


class MenuReader(OneReader):
    """Answers with `arrived(Dishes)`; many changes at once are one reading.

    What is popular is counted when somebody asks, not when another till sells: a tile must not move
    away under the finger.
    """

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(ctx, parent)
        self._popular: tuple[str, ...] | None = None
        ctx.feed.changed.connect(self._heard)

    def refresh(self) -> None:
        """Count what is popular and read soon."""
        self._popular = None
        self.read_soon()

    def work(self) -> Callable[[], Dishes]:
        store, since, known = self._ctx.store, self._ctx.clock() - _POPULAR_OF, self._popular

        def read() -> Dishes:
            popular = popular_products(store, since) if known is None else known
            return dishes_of(products(store), categories(store), popular)

        return read

    def keep(self, found: object) -> None:
        if isinstance(found, Dishes) and not self.asked_again:
            self._popular = tuple(product.internal_id for product in found.popular)

    def _heard(self, change: Change) -> None:
        if Topic.CATALOGUE in change.topics or change.foreign:
            self.read_soon()
