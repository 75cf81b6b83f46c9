"""The address of a database server, as the settings name it, and how it has to be reached."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

PASSWORD = "POSAPP_DATABASE_PASSWORD"  # noqa: S105 - the name of a variable
_SCHEMES = ("postgresql", "postgres")
_FILES = (
    "sslrootcert",
    "sslcert",
    "sslkey",
)  # what may follow the question mark, beside the host of a socket
_SECURE = "verify-full"


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database of a shop; the password is never part of the address."""

    url: str
    password: str = field(default="", repr=False)

    def parameters(self) -> dict[str, str]:
        """Return what the driver connects with; raise ValueError when the address cannot be used."""
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES:
            raise ValueError("url has to begin with postgresql://")
        if parts.password is not None:
            raise ValueError("url must not hold the password: it belongs in POSAPP_DATABASE_PASSWORD")
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
        if self.password:
            found["password"] = self.password
        return {key: value for key, value in found.items() if value}


def server_at(url: str, environ: Mapping[str, str]) -> Server | None:
    """Return the server that the settings name, None when the data are in a file of this computer."""
    return Server(url, environ.get(PASSWORD, "")) if url else None


def check_url(url: str) -> None:
    """Raise ValueError, with a sentence, for an address that cannot be used."""
    Server(url).parameters()


def _is_local(host: str) -> bool:
    """Tell whether a host is this computer: a socket's folder, or a loopback address."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
