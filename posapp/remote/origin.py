"""The one origin that a remote's requests may go to, and the rules for what is sent there."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from posapp.domain.errors import UsageError

_URL = re.compile(r"[^\s\\\x00-\x1f\x7f-\x9f]+\Z")
_PATH = re.compile(r"/?[A-Za-z0-9_.~-]+(/[A-Za-z0-9_.~-]+)*/?(\?[A-Za-z0-9_.~=&%-]*)?\Z")
_BASE_PATH = re.compile(r"(/[A-Za-z0-9_.~%-]+)*/?\Z")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+\Z")
_HEADER_VALUE = re.compile(r"[\x21-\x7e\xa0-\xff]([\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?\Z")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?\Z")
_REMEDY = "Use an address such as https://shop.example or https://shop.example/pos."


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host, port and base path ("" or "/pos") of a remote."""

    scheme: str
    host: str
    port: int
    base_path: str

    def target(self, path: str) -> str:
        """Return the request target for a checked path; raise ValueError for a path that leads elsewhere."""
        if not _PATH.match(path) or ".." in path.partition("?")[0].split("/"):
            raise ValueError("this path does not belong to the remote")
        return f"{self.base_path}/{path.removeprefix('/')}"


def parse_origin(base_url: str) -> Origin:
    """Return the origin of `base_url`: https, or http for this computer itself; raise UsageError."""
    try:
        parts = urlsplit(base_url) if _URL.match(base_url) else None
        port = parts.port if parts else None
    except ValueError:
        parts, port = None, None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _usage("This is not the address of a remote.")
    if "@" in parts.netloc:
        raise _usage("The address of a remote holds no user name or password.")
    if parts.query or parts.fragment or "?" in base_url or "#" in base_url:
        raise _usage("The address of a remote ends with its path: no “?” and no “#”.")
    if not _BASE_PATH.match(parts.path) or {"..", "."} & set(parts.path.split("/")):
        raise _usage("The path of this address has characters that a remote's address does not have.")
    host = _host_of(parts)
    if parts.scheme == "http" and not is_loopback(host):
        raise _usage(
            "An address with http:// is only for this computer itself: keys would travel unprotected."
        )
    if port == 0:
        raise _usage("This is not the address of a remote.")
    return Origin(
        parts.scheme, host, port or (443 if parts.scheme == "https" else 80), parts.path.rstrip("/")
    )


def is_loopback(host: str) -> bool:
    """Tell whether `host` is this computer: localhost, 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers if none can smuggle another one in; raise UsageError, which never shows a value."""
    for name, value in headers.items():
        if not _HEADER_NAME.match(name) or not _HEADER_VALUE.match(value):
            raise UsageError(
                f"The value for “{name[:40]}” cannot be sent.",
                "It is empty, or it has line breaks or characters that such a value never has.",
                "Copy the key again, without anything before or after it.",
            )
    return dict(headers)


def _host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise _usage("This is not the address of a remote.") from None
    try:
        plain = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if not _HOST.match(plain):
        raise _usage("This is not the address of a remote.")
    return plain


def _usage(title: str) -> UsageError:
    return UsageError(title, remedy=_REMEDY, fields={"base_url": title})
