"""The shop's database is made by one command; what stands in the way is told in sentences."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from posapp.storage.server import Server
from tests.flow.server.conftest import Station, station
from tests.support import postgres

NAME = "till"


@pytest.fixture
def till(tmp_path: Path) -> Station:
    """Return a computer whose settings name a database that is not there yet."""
    running = postgres.needed_server()
    place = running.address("till_shop", "till")
    with running.owner() as owner:
        owner.execute("DROP DATABASE IF EXISTS till_shop WITH (FORCE)")
        owner.execute("DROP ROLE IF EXISTS till")
    return station(tmp_path / "till", place, "till-1")


def admin(till: Station) -> str:
    return till.server.url.replace("//till@", "//owner@").replace("/till_shop", "/postgres")


def test_a_database_that_is_not_there_is_named_with_its_remedy(till: Station) -> None:
    ran = till.run("orders", "list")

    assert ran.code == 6
    assert "posapp database init" in ran.err or "does not let this station in" in ran.err


def test_one_command_makes_role_database_and_tables(till: Station) -> None:
    made = till.run("database", "init", "--admin", admin(till), POSAPP_DATABASE_PASSWORD="s3cret words")

    assert made.code == 0, made.err
    assert "s3cret" not in str(made)
    running = postgres.the_server()
    with running.owner() as owner:
        kept = owner.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'till'").fetchone()
    assert kept[0].startswith("SCRAM-SHA-256$")
    assert till.run("orders", "list").data == {"orders": [], "total": 0}
    assert till.run("sample-data", "--orders", "20").code == 0
    assert till.run("orders", "list").data["total"] == 20
    again = till.run("database", "init", "--admin", admin(till))
    assert (again.code, till.run("orders", "list").data["total"]) == (0, 20)
    checks = {check["name"]: check["ok"] for check in till.run("doctor").data["checks"]}
    assert (checks["database"], checks["database integrity"], checks["counters"]) == (True, True, True)


def test_the_role_may_do_nothing_else_on_the_server(till: Station) -> None:
    assert till.run("database", "init", "--admin", admin(till)).code == 0
    running = postgres.the_server()
    from posapp.storage.postgres_session import psycopg

    with running.owner() as owner:
        owner.execute("DROP DATABASE IF EXISTS other_shop WITH (FORCE)")
        owner.execute("CREATE DATABASE other_shop")
        role = owner.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
            "WHERE rolname = 'till'"
        ).fetchone()
    assert role == (False,) * 5
    with psycopg.connect(
        host="127.0.0.1", port=running.port, user="till", dbname="till_shop", autocommit=True
    ) as connection:
        for refused in (
            "CREATE DATABASE more",
            "CREATE ROLE more",
            "CREATE TABLE public.more (n int)",
            "DROP DATABASE till_shop",
            "SELECT pg_read_file('/etc/passwd')",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(refused)


def test_a_role_that_may_more_is_not_used(till: Station) -> None:
    running = postgres.the_server()
    place = Station(till.data_dir, running.address("till_shop", "owner"))
    file = till.data_dir / "posapp.toml"
    file.write_text(file.read_text().replace("//till@", "//owner@"))

    ran = place.run("database", "init", "--admin", admin(till))

    assert ran.code == 3
    assert "may do more" in ran.err


def test_without_a_server_in_the_settings_there_is_nothing_to_make(tmp_path: Path) -> None:
    plain = Station(tmp_path / "plain", Server(""))
    plain.data_dir.mkdir()

    ran = plain.run("database", "init")

    assert ran.code == 3
    assert "posapp.toml" in ran.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://shop", "has to begin with postgresql://"),
        ("postgresql://posapp@host", "has to name the database"),
        ("postgresql://posapp@host/shop?sslmode=disable", "must not hold sslmode"),
    ],
)
def test_an_address_that_cannot_be_used_is_bad_usage(tmp_path: Path, url: str, said: str) -> None:
    wrong = station(tmp_path / "wrong", Server(url), "counter-1")

    ran = wrong.run("orders", "list")

    assert ran.code == 2
    assert said in ran.err
    assert "secret@" not in ran.err


def test_the_servers_own_tools_bring_everything_back(till: Station, tmp_path: Path) -> None:
    assert till.run("database", "init", "--admin", admin(till)).code == 0
    assert till.run("sample-data", "--orders", "30").code == 0
    before = till.run("orders", "list", "--limit", "100").data
    dump = tmp_path / "shop.dump"
    tools = [
        ["pg_dump", "--format=custom", "--schema=posapp", f"--file={dump}", till.server.url],
        [
            "pg_restore",
            "--clean",
            "--if-exists",
            "--exit-on-error",
            "--schema=posapp",
            f"--dbname={till.server.url}",
            str(dump),
        ],
    ]
    subprocess.run([postgres.program(tools[0][0]), *tools[0][1:]], check=True, timeout=50)
    code = before["orders"][0]["code"]
    till.run("orders", "move", code, "cancelled", "--reason", "a test")

    subprocess.run([postgres.program(tools[1][0]), *tools[1][1:]], check=True, timeout=50)

    assert till.run("orders", "list", "--limit", "100").data == before
    assert till.run("orders", "move", code, "cancelled", "--reason", "a test").code == 0
    found = till.run("orders", "list", "--search", before["orders"][0]["customer_name"]).data["orders"]
    assert code in {order["code"] for order in found}
