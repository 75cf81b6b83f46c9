"""What both databases share is spelled for PostgreSQL; what a migration says becomes its own words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posapp.storage.postgres_sql import migrated, spelled
from posapp.storage.server import Server


@pytest.mark.parametrize(
    ("shared", "own"),
    [
        ("SELECT 1", "SELECT 1"),
        ("a = ? AND b = ?", "a = $1 AND b = $2"),
        ("a = ?2 OR ?1 = ?2", "a = $2 OR $1 = $2"),
        ("a = '?' AND \"b?\" = ? AND c = 'it''s LIKE ?'", "a = '?' AND \"b?\" = $1 AND c = 'it''s LIKE ?'"),
        ("a LIKE ? ESCAPE '\\'", "a ILIKE $1 ESCAPE '\\'"),
        ("a IN () OR b NOT IN ( )", "a = ANY ('{}') OR b <> ALL ('{}')"),
        ("a IN (?) OR b NOT IN (?, ?)", "a IN ($1) OR b NOT IN ($2, $3)"),
    ],
)
def test_a_statement_is_spelled(shared: str, own: str) -> None:
    assert spelled(shared) == own


def test_widths_go_and_keys_follow_the_highest() -> None:
    made, function, default = migrated(
        'CREATE TABLE "notes" ("pk" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(80) NOT NULL, "at" INTEGER, '
        '"raw" BLOB)'
    )

    assert made == (
        'CREATE TABLE "notes" ("pk" BIGINT NOT NULL PRIMARY KEY, "name" TEXT COLLATE "C" NOT NULL, '
        '"at" BIGINT, "raw" BYTEA)'
    )
    assert "max(pk)" in function
    assert 'ALTER TABLE "notes" ALTER COLUMN "pk" SET DEFAULT' in default


def test_a_trigger_without_a_form_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="no form for PostgreSQL"):
        migrated("CREATE TRIGGER other AFTER INSERT ON orders BEGIN SELECT 1; END")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://posapp@127.0.0.1/shop", {"host": "127.0.0.1", "user": "posapp", "dbname": "shop"}),
        ("postgresql://posapp@/shop?host=/run/pg", {"host": "/run/pg", "user": "posapp", "dbname": "shop"}),
        (
            "postgresql://posapp@db.shop.example:5433/shop",
            {
                "host": "db.shop.example", "port": "5433", "user": "posapp", "dbname": "shop",
                "sslmode": "verify-full", "sslrootcert": "system",
            },
        ),
        (
            "postgresql://posapp@10.0.0.7/shop?sslrootcert=/etc/shop/ca.pem",
            {
                "host": "10.0.0.7", "user": "posapp", "dbname": "shop",
                "sslmode": "verify-full", "sslrootcert": "/etc/shop/ca.pem",
            },
        ),
    ],
)  # fmt: skip
def test_a_server_on_the_network_has_to_prove_who_it_is(url: str, expected: dict[str, str]) -> None:
    assert Server(url).parameters() == expected
    assert Server(url, "s3cret").parameters() == {**expected, "password": "s3cret"}
    assert "s3cret" not in repr(Server(url, "s3cret"))


def test_a_shop_without_a_server_does_not_load_its_driver(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from posapp.storage.database import open_store; "
        "open_store(Path(sys.argv[1])).close_thread(); "
        "print([name for name, module in sys.modules.items() if name.startswith('psycopg') and module])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=50, check=True
    )
    assert done.stdout == "[]\n"
