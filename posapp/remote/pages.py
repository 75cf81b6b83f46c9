"""Lists of a Django REST back end in their three shapes: one object, an array, a page that names the next."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from posapp.remote.jsonguard import BadJson, MissingKey, decode_strict, split_array, top_members

_QUERY = re.compile(r"[A-Za-z0-9_.~=&%-]{1,500}\Z")
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"


def rows_of(body: bytes, marks: frozenset[str]) -> tuple[list[bytes], str | None]:
    """Return the rows of a list in any of its shapes, and the address of its next page.

    `marks` are the fields by which a single object is known to be a row.
    """
    body = body.removeprefix(_BOM).strip(_SPACE)
    if body.startswith(b"["):
        return split_array(body), None
    members = top_members(body)
    if "results" in members:
        following = decode_strict(members["next"]) if "next" in members else None
        if following is not None and not isinstance(following, str):
            raise BadJson("“next” is not an address.")
        return split_array(members["results"]), following
    if marks <= members.keys():
        return [body], None
    raise MissingKey("It has neither “results” nor the fields of a row.")


def next_query(address: str, base_url: str, list_path: str) -> str | None:
    """Return the query of a list's next page, None when the address is not one of this list.

    Only the query is ever used: the request goes to the configured origin, whatever the address says. Its
    scheme does not matter, because servers behind a proxy often do not know theirs.
    """
    try:
        ours, parts = urlsplit(base_url), urlsplit(address)
        same_host = not parts.netloc or (
            parts.hostname == ours.hostname and "@" not in parts.netloc and parts.port in {None, ours.port}
        )
    except ValueError:
        return None
    path = f"{ours.path.rstrip('/')}/{list_path}"
    if not same_host or parts.path not in {path, ""} or not _QUERY.match(parts.query):
        return None
    return parts.query
