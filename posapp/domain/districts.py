"""The 77 districts of Nepal, by the staff API's spelling, and how to find one of them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from posapp.domain.text import clean_line

# fmt: off
DISTRICTS = (
    "Achham", "Arghakhanchi", "Baglung", "Baitadi", "Bajhang", "Bajura", "Banke", "Bara", "Bardiya",
    "Bhaktapur", "Bhojpur", "Chitwan", "Dadeldhura", "Dailekh", "Dang", "Darchula", "Dhading", "Dhankuta",
    "Dhanusa", "Dolakha", "Dolpa", "Doti", "Eastern Rukum", "Gorkha", "Gulmi", "Humla", "Ilam", "Jajarkot",
    "Jhapa", "Jumla", "Kailali", "Kalikot", "Kanchanpur", "Kapilvastu", "Kaski", "Kathmandu",
    "Kavrepalanchok", "Khotang", "Lalitpur", "Lamjung", "Mahottari", "Makwanpur", "Manang", "Morang", "Mugu",
    "Mustang", "Myagdi", "Nawalpur", "Nuwakot", "Okhaldhunga", "Palpa", "Panchthar", "Parasi", "Parbat",
    "Parsa", "Pyuthan", "Ramechhap", "Rasuwa", "Rautahat", "Rolpa", "Rupandehi", "Salyan", "Sankhuwasabha",
    "Saptari", "Sarlahi", "Sindhuli", "Sindhupalchok", "Siraha", "Solukhumbu", "Sunsari", "Surkhet",
    "Syangja", "Tanahun", "Taplejung", "Terhathum", "Udayapur", "Western Rukum",
)
# fmt: on
_BY_KEY = {name.casefold(): name for name in DISTRICTS}
_WORD = re.compile(r"\w+")
# One letter wrong in a name of four, the shortest there is.
_NEAR = 0.73
_MOST_NEAR = 5
_LONGEST = 40


def district_named(text: str) -> str | None:
    """Return the district called `text` in its proper spelling, whatever the case; None if there is none."""
    return _BY_KEY.get(clean_line(text).casefold())


def find_districts(text: str) -> tuple[str, ...]:
    """Return the districts that `text` may mean, all of them for an empty one.

    First those that begin with it, then those that hold its words, then those spelled nearly so.
    """
    key = clean_line(text).casefold()[:_LONGEST]
    words = _WORD.findall(key)
    if not words:
        return () if key else DISTRICTS
    prefixed = [name for name in DISTRICTS if name.casefold().startswith(key)]
    inside = [name for name in DISTRICTS if all(word in name.casefold() for word in words)]
    near = () if key in _BY_KEY else _near(key)
    return tuple(dict.fromkeys((*prefixed, *inside, *near)))


def _near(key: str) -> tuple[str, ...]:
    rated = [(_likeness(key, name.casefold()), name) for name in DISTRICTS]
    near = sorted((-rate, name) for rate, name in rated if rate >= _NEAR)
    return tuple(name for _, name in near[:_MOST_NEAR])


def _likeness(key: str, name: str) -> float:
    """Compare with the whole name and with as much of it as was typed, which counts a little less."""
    if name in key:  # a former district, such as Nawalparasi, had longer names
        return 1.0
    whole = SequenceMatcher(None, key, name, autojunk=False).ratio()
    begun = SequenceMatcher(None, key, name[: len(key) + 1], autojunk=False).ratio() if len(key) > 3 else 0.0
    return max(whole, 0.99 * begun)
