"""Puts the statements that both databases share into PostgreSQL's spelling."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count

_PIECES = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|\?(?P<number>\d*)|\b(?P<like>LIKE)\b|\b(?P<none>(?:NOT\s+)?IN)\s*\(\s*\)",
    re.IGNORECASE,
)


@lru_cache(maxsize=2048)
def spelled(sql: str) -> str:
    """Return a statement with numbered marks, and LIKE that takes small and capital ASCII letters for one.

    All texts are of the collation "C": ILIKE then folds ASCII only, and sorts by code point, as SQLite does.
    An empty list, which SQLite allows, becomes an empty array.
    """
    numbers = count(1)

    def piece(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("?"):
            return f"${found['number'] or next(numbers)}"
        if found["none"]:
            return "<> ALL ('{}')" if len(found["none"]) > 2 else "= ANY ('{}')"
        return "ILIKE" if found["like"] else text

    return _PIECES.sub(piece, sql)


_TYPES = re.compile(r"\bINTEGER\b|\bBLOB\b|\bVARCHAR\(\d+\)|\bTEXT\b")
_TYPE = {"INTEGER": "BIGINT", "BLOB": "BYTEA"}
_TABLE = re.compile(r'CREATE TABLE "(\w+)"')
_KEY = re.compile(r'"(pk|seq)" BIGINT NOT NULL PRIMARY KEY')
_FIXED = re.compile(
    r"CREATE TRIGGER (\w+) BEFORE (UPDATE|DELETE) ON (\w+) BEGIN SELECT RAISE\(ABORT, '([^']*)'\); END"
)
# These stay: the function that they run is written anew.
_KEPT = frozenset({"DROP TRIGGER events_fixed_update", "DROP TRIGGER payments_fixed_update"})
_UNLESS = re.compile(
    r"CREATE TRIGGER (\w+)_fixed_unless_\w+ BEFORE UPDATE ON \w+ WHEN NOT \((.*)\) "
    r"BEGIN SELECT RAISE\(ABORT, '([^']*)'\); END"
)
_NAMED = re.compile(r"CREATE (?:VIRTUAL TABLE|TRIGGER|INDEX) (\w+)")


def migrated(statement: str) -> tuple[str, ...]:
    """Return what a statement of a migration is in PostgreSQL.

    Widths are not enforced, as they are not on SQLite: what comes in is measured where it comes in, and an
    act must not fail for a text. New keys follow the highest one, without the gaps of a sequence: the lock of
    the writer lets one process at a time ask, and whoever counts keys finds none missing (custody.py).
    """
    named = _NAMED.match(statement)
    if named is not None and named[1] in _OWN:
        return _OWN[named[1]]
    fixed = _FIXED.fullmatch(statement)
    if fixed is not None:
        name, act, table, words = fixed.groups()
        return (
            _function(name, "trigger", f"RAISE EXCEPTION '{words}';"),
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    if statement in _KEPT:
        return ()
    unless = _UNLESS.fullmatch(statement)
    if unless is not None:
        table, condition, words = unless.groups()
        same = re.sub(r"(new\.\w+) IS (old\.\w+)", r"\1 IS NOT DISTINCT FROM \2", condition)
        body = f"IF {same} THEN RETURN new; END IF; RAISE EXCEPTION '{words}';"
        return (_function(f"{table}_fixed_update", "trigger", body, anew=True),)
    if "TRIGGER" in statement or "VIRTUAL" in statement:
        raise NotImplementedError(f"{statement[:60]}… has no form for PostgreSQL yet: add it to {__name__}")
    if not statement.startswith(("CREATE TABLE", "ALTER TABLE")):
        return (spelled(statement),)
    made = _TYPES.sub(lambda found: _TYPE.get(found[0], 'TEXT COLLATE "C"'), statement)
    table, key = _TABLE.match(made), _KEY.search(made)
    if table is None or key is None:
        return (made,)
    return (made, *_numbered(table[1], key[1]))


def _numbered(table: str, key: str) -> tuple[str, ...]:
    name = f"posapp_next_{table}"
    return (
        _function(name, "bigint", f"RETURN (SELECT coalesce(max({key}), 0) + 1 FROM {table});"),  # noqa: S608 - a migration's own names
        f'ALTER TABLE "{table}" ALTER COLUMN "{key}" SET DEFAULT {name}()',
    )


def _function(name: str, returns: str, body: str, *, anew: bool = False) -> str:
    verb = "CREATE OR REPLACE FUNCTION" if anew else "CREATE FUNCTION"
    return f"{verb} {name}() RETURNS {returns} LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _trigger(name: str, when: str, function: str, only: str = "", table: str = "orders") -> str:
    return f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW {only} EXECUTE FUNCTION {function}()"


_SEPARATED = " || chr(31) || ".join(
    f"new.{name}" for name in ("code", "customer_name", "phone_digits", "address")
)
_TEXTS = (
    f"INSERT INTO order_texts (pk, texts) VALUES (new.pk, posapp_fold({_SEPARATED})) "  # noqa: S608 - our own
    "ON CONFLICT (pk) DO UPDATE SET texts = excluded.texts; RETURN NULL;"
)
_COUNT = (
    "IF TG_OP <> 'INSERT' THEN UPDATE order_counts SET n = n - 1 WHERE status = old.status; END IF; "
    "IF TG_OP <> 'DELETE' THEN INSERT INTO order_counts (status, n) VALUES (new.status, 1) "
    "ON CONFLICT (status) DO UPDATE SET n = order_counts.n + 1; END IF; RETURN NULL;"
)
_CHANGE = (
    "INSERT INTO change_log(seq, order_pk, kind, made_at) VALUES (new.seq, new.order_pk, "
    "CASE WHEN new.patch = '' THEN 'status' ELSE 'fields' END, new.created_at); RETURN NULL;"
)
_PRODUCT = (
    "INSERT INTO product_log(seq, remote, internal_id, made_at) "
    "VALUES (new.seq, new.remote, new.internal_id, new.created_at); RETURN NULL;"
)
_TEXTS_TABLE = (
    "CREATE TABLE order_texts (pk BIGINT PRIMARY KEY REFERENCES orders (pk) ON DELETE CASCADE, "
    'texts TEXT COLLATE "C" NOT NULL)'
)
# The search index is a table of its own, as it is on SQLite: a new status does not touch it.
_OWN: dict[str, tuple[str, ...]] = {
    "orders_fts": (_TEXTS_TABLE,),
    "orders_fts_insert": (
        _function("posapp_texts", "trigger", _TEXTS),
        _trigger("orders_texts_insert", "INSERT", "posapp_texts"),
    ),
    "orders_fts_delete": (),  # the reference does it
    "orders_fts_update": (
        _trigger(
            "orders_texts_update", "UPDATE OF code, customer_name, phone_digits, address", "posapp_texts"
        ),
    ),
    "orders_count_insert": (
        _function("posapp_count", "trigger", _COUNT),
        _trigger("orders_count_insert", "INSERT", "posapp_count"),
    ),
    "orders_count_delete": (_trigger("orders_count_delete", "DELETE", "posapp_count"),),
    "orders_count_update": (
        _trigger(
            "orders_count_update", "UPDATE OF status", "posapp_count", "WHEN (old.status <> new.status)"
        ),
    ),
    "change_log_insert": (
        _function("posapp_change", "trigger", _CHANGE),
        _trigger("change_log_insert", "INSERT", "posapp_change", table="outbox"),
    ),
    "product_log_insert": (
        _function("posapp_product", "trigger", _PRODUCT),
        _trigger("product_log_insert", "INSERT", "posapp_product", table="product_outbox"),
    ),
}
