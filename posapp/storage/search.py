"""Search as one types: which condition finds what was typed."""

from __future__ import annotations

from posapp.domain.text import clean_line, digits_of
from posapp.storage.dialect import Condition, Dialect

_SHORT = 3  # the index holds trigrams; below that only active orders are looked through


def search_words(text: str) -> list[str]:
    """Split what was typed; a telephone number in any spelling is one word of digits."""
    plain = clean_line(text).lstrip("#").strip()
    if plain and all(char in "0123456789+-() " for char in plain):
        digits = digits_of(plain)
        return [digits] if digits else []
    return plain.split()[:8]


def search_condition(dialect: Dialect, text: str) -> Condition | None:
    """Return the condition on `orders` for a search, None for an empty one."""
    words = search_words(text)
    if not words:
        return None
    longer, shorts = long_words(text), short_condition(text)
    parts: list[str] = []
    params: list[object] = []
    if longer:
        found = dialect.matching(longer)
        parts.append(found.sql)
        params += found.params
    if shorts is not None:
        parts.append(shorts.sql)
        params += shorts.params
    if not longer:
        parts.append("orders.urgency IS NOT NULL")
    return Condition(" AND ".join(parts), tuple(params))


def long_words(text: str) -> list[str]:
    """Return the words that the index knows."""
    return [word for word in search_words(text) if len(word) >= _SHORT]


def short_condition(text: str) -> Condition | None:
    """Return the condition of the words that are too short for the index, None without any."""
    words = search_words(text)
    with_long = any(len(word) >= _SHORT for word in words)
    parts: list[str] = []
    params: list[object] = []
    for word in words:
        if len(word) < _SHORT:
            parts.append(
                "(orders.code LIKE ? ESCAPE '\\' OR orders.phone_digits LIKE ? ESCAPE '\\'"
                " OR orders.customer_name LIKE ? ESCAPE '\\' OR orders.customer_name LIKE ? ESCAPE '\\'"
                # Beside a street it is the number of a house; alone it would be in half of all addresses.
                + (" OR orders.address LIKE ? ESCAPE '\\')" if with_long else ")")
            )
            plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            # LIKE folds only ASCII case: a capital covers names in other alphabets.
            params += [f"{plain}%", f"%{plain}", f"%{plain}%", f"%{plain.capitalize()}%"]
            params += [f"%{plain}%"] if with_long else []
    return Condition(" AND ".join(parts), tuple(params)) if parts else None
