"""Puts the statements that both databases share into PostgreSQL's spelling."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count

_PIECES = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\?(\d*)|\b(LIKE)\b", re.IGNORECASE)


@lru_cache(maxsize=2048)
def spelled(sql: str) -> str:
    """Number the marks, and let LIKE take small and capital ASCII letters for the same, as SQLite does.

    All texts are of the collation "C": ILIKE then folds ASCII only, and sorting is by code point, as there.
    """
    if "?" not in sql and "LIKE" not in sql.upper():
        return sql
    numbers = count(1)

    def piece(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("?"):
            return f"${found[1] or next(numbers)}"
        return "ILIKE" if found[2] else text

    return _PIECES.sub(piece, sql)


_TYPES = re.compile(r"\bINTEGER\b|\bVARCHAR\(\d+\)|\bTEXT\b")
_TABLE = re.compile(r'CREATE TABLE "(\w+)"')
_KEY = re.compile(r'"(pk|seq)" BIGINT NOT NULL PRIMARY KEY')
_FIXED = re.compile(
    r"CREATE TRIGGER (\w+) BEFORE (UPDATE|DELETE) ON (\w+) "
    r"BEGIN SELECT RAISE\(ABORT, '([^']*)'\); END"
)
_NAMED = re.compile(r"CREATE (?:VIRTUAL TABLE|TRIGGER|INDEX) (\w+)")
_SEARCHED = "posapp_fold({0}.code || chr(31) || {0}.customer_name || chr(31) || {0}.phone_digits || chr(31) || {0}.address)"


def migrated(statement: str) -> tuple[str, ...]:
    """Return what a statement of a migration is in PostgreSQL.

    Widths are not enforced here as they are not there: what comes in is measured where it comes in, and an act
    must not fail for a text. New keys follow the highest one, without the gaps of a sequence: the writer's lock
    lets one process at a time ask, and whoever counts keys finds none missing (posapp.storage.custody).
    """
    named = _NAMED.match(statement)
    if named is not None and named[1] in _OWN:
        return _OWN[named[1]]
    fixed = _FIXED.fullmatch(statement)
    if fixed is not None:
        return _fixed(*fixed.groups())
    if "TRIGGER" in statement or "VIRTUAL" in statement:
        raise NotImplementedError(f"{statement[:60]}… has no form for PostgreSQL yet: add it to {__name__}")
    if not statement.startswith(("CREATE TABLE", "ALTER TABLE")):
        return (spelled(statement),)
    made = _TYPES.sub(lambda found: "BIGINT" if found[0] == "INTEGER" else 'TEXT COLLATE "C"', statement)
    table, key = _TABLE.match(made), _KEY.search(made)
    if table is None or key is None:
        return (made,)
    return (made, *_numbered(table[1], key[1]))


def _numbered(table: str, key: str) -> tuple[str, ...]:
    return (
        f"CREATE FUNCTION posapp_next_{table}() RETURNS bigint LANGUAGE plpgsql VOLATILE AS "  # noqa: S608
        f"$$ BEGIN RETURN (SELECT coalesce(max({key}), 0) + 1 FROM {table}); END $$",
        f'ALTER TABLE "{table}" ALTER COLUMN "{key}" SET DEFAULT posapp_next_{table}()',
    )


def _fixed(name: str, act: str, table: str, words: str) -> tuple[str, ...]:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$",
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


# The search index is a table of its own, as it is on SQLite: a new status does not touch it.
_OWN: dict[str, tuple[str, ...]] = {
    "orders_fts": (
        "CREATE TABLE order_texts (pk BIGINT PRIMARY KEY REFERENCES orders (pk) ON DELETE CASCADE, "
        'texts TEXT COLLATE "C" NOT NULL)',
    ),
    "orders_fts_insert": (
        "CREATE FUNCTION posapp_texts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO order_texts (pk, texts) VALUES (new.pk, {_SEARCHED.format('new')}) "
        "ON CONFLICT (pk) DO UPDATE SET texts = excluded.texts; RETURN NULL; END $$",
        "CREATE TRIGGER orders_texts_insert AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION posapp_texts()",
    ),
    "orders_fts_delete": (),  # the reference does it
    "orders_fts_update": (
        "CREATE TRIGGER orders_texts_update AFTER UPDATE OF code, customer_name, phone_digits, address "
        "ON orders FOR EACH ROW EXECUTE FUNCTION posapp_texts()",
    ),
    "orders_count_insert": (
        "CREATE FUNCTION posapp_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP <> 'INSERT' THEN UPDATE order_counts SET n = n - 1 WHERE status = old.status; END IF; "
        "IF TG_OP <> 'DELETE' THEN INSERT INTO order_counts (status, n) VALUES (new.status, 1) "
        "ON CONFLICT (status) DO UPDATE SET n = order_counts.n + 1; END IF; RETURN NULL; END $$",
        "CREATE TRIGGER orders_count_insert AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION posapp_count()",
    ),
    "orders_count_delete": (
        "CREATE TRIGGER orders_count_delete AFTER DELETE ON orders FOR EACH ROW EXECUTE FUNCTION posapp_count()",
    ),
    "orders_count_update": (
        "CREATE TRIGGER orders_count_update AFTER UPDATE OF status ON orders FOR EACH ROW "
        "WHEN (old.status <> new.status) EXECUTE FUNCTION posapp_count()",
    ),
}
