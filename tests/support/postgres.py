"""A PostgreSQL server of the tests' own: on a socket and a loopback port, with a database for each test."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import itertools
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from posapp.storage.server import Server

# Set where a missing server must fail the tests instead of passing over them.
NEEDED = "POSAPP_NEEDS_POSTGRESQL" in os.environ
_USERS = ("postgres", "nobody")  # initdb refuses to work for root
_START_S = 30
_numbers = itertools.count(1)
# Nothing here has to outlive the machine: the tests ask what is written, not whether a disk keeps it.
_SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=80",
    "logging_collector=off",
    "log_min_messages=warning",
)


class MissingServerError(Exception):
    """No PostgreSQL is installed here."""


def program(name: str) -> str:
    """Return where a program of PostgreSQL is; Debian keeps them off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((str(place / name) for place in places if (place / name).exists()), None) or shutil.which(
        name
    )
    if found is None:
        raise MissingServerError(f"{name} is not installed: apt-get install postgresql")
    return found


def _unprivileged() -> dict[str, Any]:
    """Return what makes a child process run for somebody else than root."""
    if os.geteuid() != 0:
        return {}
    for name in _USERS:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise MissingServerError("there is no system user for a server")


def _end_with_parent() -> None:
    """Let the kernel end this process with the tests, even when those are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class PostgresServer:
    """One server; it ends with this process."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self._who = _unprivileged()
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        if self._who:
            os.chown(folder, self._who["user"], self._who["group"])
        folder.chmod(0o755)
        self._run(
            program("initdb"), "-D", str(folder / "data"), "-U", "owner", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.start()

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **self._who)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "log").open("ab") as said:
            self._process = self._started(said)
        self.wait_until_it_answers()

    def _started(self, said: IO[bytes]) -> subprocess.Popen[bytes]:
        settings = [f"-c{setting}" for setting in (() if self._durable else _SETTINGS)]
        return subprocess.Popen(
            [
                program("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder),
                "-h", "127.0.0.1", "-p", str(self.port), *settings,
            ],
            stdout=subprocess.DEVNULL, stderr=said, cwd="/", preexec_fn=_end_with_parent, **self._who,  # noqa: PLW1509 - no threads here
        )  # fmt: skip

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End at once, as a server that lost its power does; SIGINT is what `pg_ctl stop -m fast` does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def kill_one(self, chance: random.Random) -> bool:
        """Kill what serves one of the clients: the server throws all others out and recovers."""
        asked = (
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
            "AND pid <> pg_backend_pid()"
        )
        with self.owner() as owner:
            found = sorted(row[0] for row in owner.execute(asked))
        if not found:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(found), signal.SIGKILL)
        return True

    def processes(self) -> list[int]:
        """Return the ids of the server's processes, the first one first."""
        if self._process is None:
            return []
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [self._process.pid, *(int(word) for word in children.split())]

    def freeze(self) -> None:
        """Let every process stand still: the sockets stay open, and nobody answers."""
        self._tell_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._tell_all(signal.SIGCONT)

    def _tell_all(self, number: signal.Signals) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, number)

    def clients(self, name: str) -> int:
        """Return how many connections of an application there are."""
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        with self.owner() as owner:
            return int(owner.execute(asked, (name,)).fetchone()[0])

    def wait_until_it_answers(self) -> None:
        """Wait for the end of a recovery."""
        end = time.monotonic() + _START_S
        while time.monotonic() < end:
            with contextlib.suppress(Exception), self.owner():
                return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text(errors="replace"))

    def secure(self, papers: Path | None) -> None:
        """Ask clients on the port for a password, and begin to speak TLS with this key and certificate."""
        data = self.folder / "data"
        (data / "pg_hba.conf").write_text("local all all trust\nhost all all all scram-sha-256\n")
        settings = ["", "ssl = off"]
        if papers is not None:
            own = data / "papers.pem"
            own.write_bytes(papers.read_bytes())
            own.chmod(0o600)
            if self._who:
                os.chown(own, self._who["user"], self._who["group"])
            settings = ["", "ssl = on", "ssl_cert_file = 'papers.pem'", "ssl_key_file = 'papers.pem'"]
        with (data / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        self.stop(signal.SIGINT)
        self.start()

    @contextlib.contextmanager
    def owner(self, database: str = "postgres") -> Iterator[Any]:
        """Connect as the server's owner."""
        from posapp.storage.postgres_session import psycopg

        with psycopg.connect(
            host=str(self.folder), port=self.port, user="owner", dbname=database, autocommit=True
        ) as connection:
            yield connection

    def fresh(self, template: str = "") -> Server:
        """Make a database and return its address."""
        name = f"shop_{os.getpid()}_{next(_numbers)}"
        with self.owner() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        return self.address(name)

    def address(self, name: str, user: str = "owner") -> Server:
        """Return the address of a database."""
        return Server(f"postgresql://{user}@127.0.0.1:{self.port}/{name}")

    def drop(self, server: Server) -> None:
        """Remove a database, whoever is connected to it."""
        name = server.url.rpartition("/")[2]
        with self.owner() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@functools.cache
def the_server() -> PostgresServer:
    """Return this process's server, started when it is first asked for."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="posapp-pg-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = PostgresServer(folder)
    atexit.register(server.stop)
    return server


def needed_server() -> PostgresServer:
    """Return the server; pass over the test where none is installed and none has to be."""
    try:
        return the_server()
    except MissingServerError as missing:
        if NEEDED:
            raise
        pytest.skip(str(missing))


@functools.cache
def migrated_template() -> str:
    """Return the name of an empty database of the present schema: copying it is quicker than making it."""
    return template_on(the_server())


@contextlib.contextmanager
def mortal_server() -> Iterator[tuple[PostgresServer, str]]:
    """Give a server that tests may stop and start again, and the name of its template."""
    needed_server()
    with tempfile.TemporaryDirectory(prefix="posapp-pg-") as folder:
        running = PostgresServer(Path(folder))
        try:
            yield running, template_on(running)
        finally:
            running.stop()


def template_on(server: PostgresServer) -> str:
    """Make an empty database of the present schema, and return its name."""
    from posapp.storage.database import first_facts
    from posapp.storage.dialect_postgres import PostgresDialect
    from posapp.storage.postgres_schema import bring_up_to_date

    made = server.fresh()
    dialect = PostgresDialect(made)
    bring_up_to_date(dialect, first_facts())
    dialect.close_thread()
    return made.url.rpartition("/")[2]
