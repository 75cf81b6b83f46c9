"""The address of a database server, as the settings name it, and how it has to be reached."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from posapp.log import hide

PASSWORD = "POSAPP_DATABASE_PASSWORD"  # noqa: S105 - the name of a variable
_SCHEMES = ("postgresql", "postgres")
_FILES = (
    "sslrootcert",
    "sslcert",
    "sslkey",
)  # what may follow the question mark, beside the host of a socket
_SECURE = "verify-full"
_KEPT = "database"  # beside the keys of the remotes


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database of a shop; the password is never part of the address."""

    url: str
    password: str = field(default="", repr=False)
    kept: bool = False  # without a password: look where this computer keeps its secrets

    def parameters(self) -> dict[str, str]:
        """Return what the driver connects with, the password too; may ask the system's keyring, once.

        Raises ValueError when the address cannot be used.
        """
        found = self.place()
        password = self.password or (kept_password(self.url) if self.kept else "")
        return found | {"password": password} if password else found

    def place(self) -> dict[str, str]:
        """Return what the address says; raise ValueError when it cannot be used."""
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES:
            raise ValueError("url has to begin with postgresql://")
        if parts.password is not None:
            raise ValueError(f"url must not hold the password: it belongs in {PASSWORD}")
        name = unquote(parts.path.removeprefix("/"))
        if not name or "/" in name:
            raise ValueError("url has to name the database: postgresql://user@host/database")
        found = {"dbname": name, "host": parts.hostname or "", "user": unquote(parts.username or "")}
        if parts.port:
            found["port"] = str(parts.port)
        for key, value in parse_qsl(parts.query, keep_blank_values=True):
            if key not in (*_FILES, "host", "port"):
                raise ValueError(
                    f"url must not hold {key}: only host, port, {', '.join(_FILES)} may follow the ?"
                )
            found[key] = value
        if not _is_local(found["host"]):
            # Encrypted, and with a certificate that is the server's own; there is no switch to do without.
            found |= {"sslmode": _SECURE, "sslrootcert": found.get("sslrootcert", "system")}
        return {key: value for key, value in found.items() if value}


def server_at(url: str, environ: Mapping[str, str]) -> Server | None:
    """Return the server that the settings name, None when the data are in a file of this computer."""
    return Server(url, environ.get(PASSWORD, ""), kept=True) if url else None


def check_url(url: str) -> None:
    """Raise ValueError, with a sentence, for an address that cannot be used."""
    Server(url).place()


def without_password(url: str) -> tuple[str, str]:
    """Return an address as the settings may hold it, and the password that stood in it, "" without one."""
    head, mark, rest = url.partition("://")
    place, *more = re.split(r"(?=[/?])", rest, maxsplit=1)
    signed, at, host = place.rpartition("@")
    user, colon, password = signed.partition(":")
    if not (mark and at and colon):
        return url, ""
    return f"{head}://{user}@{host}{''.join(more)}", unquote(password)


@cache
def kept_password(url: str) -> str:
    """Return the password that this computer keeps for an address, "" when there is none."""
    from posapp.secrets import SecretStore, default_config_dir

    kept = SecretStore(default_config_dir(), {}).get(_KEPT, _name_of(url))
    password = str(json.loads(kept)) if kept else ""
    hide(password)
    return password


def keep_password(url: str, password: str) -> str:
    """Keep the password of an address where this computer keeps its secrets; return where that is."""
    from posapp.secrets import SecretStore, default_config_dir

    hide(password)
    where = SecretStore(default_config_dir(), {}).set(_KEPT, _name_of(url), json.dumps(password))
    kept_password.cache_clear()
    return where.value


def _name_of(url: str) -> str:
    found = Server(url).place()
    place = f"{found.get('host', '')}:{found.get('port', '5432')}"
    return f"{found.get('user', '')}@{place}/{found['dbname']}"


def _is_local(host: str) -> bool:
    """Tell whether a host is this computer: a socket's folder, or a loopback address."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
