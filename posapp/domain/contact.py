"""Email addresses and telephone numbers: what a shop would refuse, and what only looks strange."""

from __future__ import annotations

import ipaddress
import re
from functools import cache

from posapp.domain.text import digits_of

# The rules of Django's EmailValidator, without the control characters that it lets through in quotes.
_ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9A-Z]+"
_USER = re.compile(rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[!#-\[\]-~]|\\[ -~])*")\Z', re.IGNORECASE)
_LETTER = "a-z\u00a1-\uffff"
_LITERAL = re.compile(r"\[([A-F0-9:.]+)\]\Z", re.IGNORECASE)
_LONGEST_EMAIL = 320

_PHONE_SIGNS = re.compile(r"[0-9 +().,/-]*\Z")
_FEWEST_DIGITS, _MOST_DIGITS = 5, 15  # an extension or a short number; E.164
_NATIONAL_DIGITS = 10
_COUNTRIES = ("977", "7")


@cache
def _domain() -> re.Pattern[str]:
    """Return what a domain looks like; made at the first address, because it takes some 20 ms."""
    return re.compile(
        rf"[{_LETTER}0-9](?:[{_LETTER}0-9-]{{0,61}}[{_LETTER}0-9])?"
        rf"(?:\.(?!-)[{_LETTER}0-9-]{{1,63}}(?<!-))*"
        rf"\.(?!-)(?:[{_LETTER}-]{{2,63}}|xn--[a-z0-9]{{1,59}})(?<!-)\Z",
        re.IGNORECASE,
    )


def is_email(text: str) -> bool:
    """Tell whether `text` is an email address as the staff API's back end sees it."""
    if len(text) > _LONGEST_EMAIL or "@" not in text:
        return False
    user, domain = text.rsplit("@", 1)
    if not _USER.match(user):
        return False
    return domain == "localhost" or bool(_domain().match(domain)) or _is_literal(domain)


def _is_literal(domain: str) -> bool:
    match = _LITERAL.match(domain)
    if not match:
        return False
    try:
        ipaddress.ip_address(match[1])
    except ValueError:
        return False
    return True


def phone_warning(text: str) -> str:
    """Say what is strange about a telephone number; "" when nothing is. Strange is not wrong."""
    if not text:
        return ""
    if not _PHONE_SIGNS.match(text):
        return "Phone has signs that a number does not have — check it."
    digits = digits_of(text)
    if text.startswith("+") or digits.startswith("00"):
        return _warn_abroad(digits.removeprefix("00"))
    if digits.startswith("977") and len(digits) > _NATIONAL_DIGITS:
        return _warn_abroad(digits)
    if len(digits) < _FEWEST_DIGITS:
        return "Phone is very short — check it."
    return "Phone is very long — check it." if len(digits) > _MOST_DIGITS else ""


def _warn_abroad(digits: str) -> str:
    for country in _COUNTRIES:
        if digits.startswith(country):
            count = len(digits) - len(country)
            if count == _NATIONAL_DIGITS:
                return ""
            what = "short" if count < _NATIONAL_DIGITS else "long"
            return f"Phone is too {what} — {_NATIONAL_DIGITS} digits after +{country}."
    if not 7 <= len(digits) <= _MOST_DIGITS:
        return "Phone is strange — a number with + has 7 to 15 digits."
    return ""
