"""What the database keeps twice, to be quick: whether it agrees with the orders, and making it anew."""

from __future__ import annotations

from posapp.domain.outbox import sync_state
from posapp.domain.status import FINAL, RowState
from posapp.storage.details import OPEN_SQL
from posapp.storage.reader import Reader, number_of
from posapp.storage.search import long_words
from posapp.storage.store import Transaction

_SAMPLE = 250  # orders that are searched for: the newest, and as many spread over all
_FINAL = ", ".join(f"'{status.value}'" for status in sorted(FINAL))
_INDEX = {"sqlite": ("orders_fts_docsize", "id"), "postgresql": ("order_texts", "pk")}
_REBUILD = {
    "sqlite": ("INSERT INTO orders_fts(orders_fts) VALUES ('rebuild')",),
    "postgresql": (
        "DELETE FROM order_texts WHERE pk NOT IN (SELECT pk FROM orders)",
        (
            "INSERT INTO order_texts (pk, texts) SELECT pk, posapp_fold(code || chr(31) || customer_name "
            "|| chr(31) || phone_digits || chr(31) || address) FROM orders ON CONFLICT (pk) DO UPDATE "
            "SET texts = excluded.texts WHERE order_texts.texts <> excluded.texts"
        ),
    ),
}


def recount(tx: Transaction) -> None:
    """Count the orders of each status anew."""
    tx.execute("DELETE FROM order_counts")
    tx.execute("INSERT INTO order_counts(status, n) SELECT status, count(*) FROM orders GROUP BY status")


def search_problems(reader: Reader) -> list[str]:
    """Compare the search index with the orders: which are in it, and whether they are found by their texts.

    Which orders are in it is looked at for all; whether they are found, for some hundreds.
    """
    table, key = _INDEX[reader.dialect.name]
    missing = number_of(
        reader,
        f"SELECT count(*) FROM orders WHERE pk NOT IN (SELECT {key} FROM {table})",  # noqa: S608 - our own words
    )
    left = number_of(
        reader,
        f"SELECT count(*) FROM {table} WHERE {key} NOT IN (SELECT pk FROM orders)",  # noqa: S608
    )
    problems = [f"{missing:,} orders are not in it"] if missing else []
    problems += [f"{left:,} entries are of no order"] if left else []
    lost = [code for pk, code, *texts in _sample(reader) if not _found(reader, pk, (code, *texts))]
    more = " and others" if len(lost) > 3 else ""
    problems += [f"#{', #'.join(lost[:3])}{more} cannot be found by what is in them"] if lost else []
    return problems


def _sample(reader: Reader) -> list[tuple[int, str, str, str, str]]:
    columns = "pk, code, customer_name, phone_digits, address"
    newest = reader.all(f"SELECT {columns} FROM orders ORDER BY pk DESC LIMIT ?", (_SAMPLE,))  # noqa: S608
    last = number_of(reader, "SELECT coalesce(max(pk), 0) FROM orders")
    keys = tuple({1 + place * last // _SAMPLE for place in range(_SAMPLE)})
    marks = ", ".join("?" * len(keys))
    spread = reader.all(f"SELECT {columns} FROM orders WHERE pk IN ({marks})", keys)  # noqa: S608
    found = {row[0]: row for row in newest + spread}
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found.values()]


def _found(reader: Reader, pk: int, texts: tuple[str, ...]) -> bool:
    words = [word for text in texts for word in long_words(text)[:1]]
    if not words:
        return True
    hits = reader.dialect.matching_newest(words)
    row = reader.one(
        f"SELECT 1 FROM {hits.tables} WHERE {hits.condition.sql} AND {hits.key} = ?",  # noqa: S608 - our own
        (*hits.condition.params, pk),
    )
    return row is not None


def index_anew(tx: Transaction) -> None:
    """Make the search index anew; others wait for it meanwhile."""
    for statement in _REBUILD[tx.dialect.name]:
        tx.execute(statement)


def misplaced(reader: Reader) -> list[tuple[int, str]]:
    """Return the orders that are on the lists of active ones and finished, or active and not on them."""
    rows = reader.all(
        f"SELECT pk, code FROM orders WHERE (urgency IS NULL) <> (status IN ({_FINAL})) ORDER BY pk"  # noqa: S608
    )
    return [(int(row[0]), str(row[1])) for row in rows]


def missynced(reader: Reader) -> list[tuple[int, str]]:
    """Return the orders whose state of sync is not what their changes say."""
    wrong: list[tuple[int, str]] = []
    asked = (
        "SELECT pk, code, remote, sync FROM orders WHERE pk IN "  # noqa: S608 - our own words
        f"(SELECT order_pk FROM outbox WHERE state IN {OPEN_SQL}) "
        "OR sync IN ('pending', 'failed', 'conflict') ORDER BY pk"
    )
    for pk, code, remote, sync in reader.all(asked):
        rows = reader.all(
            f"SELECT state FROM outbox WHERE order_pk = ? AND state IN {OPEN_SQL}",  # noqa: S608
            (pk,),
        )
        states = frozenset(RowState(row[0]) for row in rows)
        if sync_state(states, is_local=remote is None).value != sync:
            wrong.append((int(pk), str(code)))
    return wrong


def misnumbered(reader: Reader) -> list[str]:
    """Return the prefixes of counter orders whose last number is below one that was given."""
    rows = reader.all(
        "SELECT sales.prefix FROM sales LEFT JOIN sale_numbers ON sale_numbers.prefix = sales.prefix "
        "GROUP BY sales.prefix, sale_numbers.last "
        "HAVING max(sales.number) > coalesce(sale_numbers.last, 0) ORDER BY sales.prefix"
    )
    return [str(row[0]) for row in rows]


def renumber(tx: Transaction) -> None:
    """Let the next number of each prefix follow the highest that was given."""
    tx.execute(
        "INSERT INTO sale_numbers(prefix, last) "
        "SELECT prefix, max(number) FROM sales WHERE true GROUP BY prefix ON CONFLICT(prefix) "
        "DO UPDATE SET last = excluded.last WHERE sale_numbers.last < excluded.last"
    )
