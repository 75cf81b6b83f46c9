"""The guests of the shop in Thamel in the first half-hour, and what a colleague there does meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from posapp.sandbox.cast import at


@dataclass(frozen=True, slots=True)
class StaffGuest:
    """One order of the cast; `account` is who pays where that is somebody else."""

    name: str
    arrives: timedelta
    customer: str
    street: str
    city: str
    district: str
    phone: str
    items: tuple[tuple[str, int], ...]
    shipping: Decimal
    addressline: str = ""
    account: str = ""
    paid: bool = False
    email: str = ""


@dataclass(frozen=True, slots=True)
class ColleagueEdit:
    """Somebody at the shop's own back office changes an order."""

    at: timedelta
    name: str  # of the event
    order: str
    fields: tuple[tuple[str, str], ...]


_VALLEY, _PATAN = Decimal(125), Decimal(150)

STAFF_GUESTS: tuple[StaffGuest, ...] = (
    StaffGuest(
        "pema", at("2:30"), "Pema Sherpa", "Boudha Stupa Road 12", "Kathmandu", "Kathmandu",
        "9841 220 617", (("buff-momo", 3), ("thukpa", 2), ("masala-chiya", 4)), _VALLEY,
        addressline="Norling House, 2nd floor", paid=True,
    ),
    StaffGuest(
        "bikash", at("6:50"), "Bikash Gurung", "Jhamsikhel Road 41", "Lalitpur", "Lalitpur",
        "9803 514 872", (("tandoori-chicken-30", 1), ("garlic-bread", 1), ("lemon-soda", 2)), _PATAN,
    ),
    StaffGuest(
        "ramesh", at("9:10"), "रमेश थापा", "लाजिम्पाट (Lazimpat) 18", "Kathmandu", "Kathmandu",
        "9851 036 640", (("paneer-tikka-30", 2), ("veg-momo", 2), ("mango-lassi", 4)), _VALLEY,
        addressline="Opposite the bank", account="Thapa Trading", paid=True,
    ),
    StaffGuest(
        "anjali", at("15:40"), "Anjali Maharjan", "Patan Dhoka 7", "Lalitpur", "Lalitpur",
        "9818 447 093", (("four-cheese-30", 1), ("sel-roti", 2)), _PATAN, paid=True,
    ),
    StaffGuest(
        "sunita", at("25:40"), "सुनिता श्रेष्ठ", "थामेल मार्ग (Thamel Marg)", "Kathmandu", "Kathmandu",
        "9841 255 530", (("margherita-30", 1), ("chicken-momo", 1), ("mango-lassi", 1)), _VALLEY,
        addressline="Gate on the left", email="sunita.s@example.com",
    ),
    StaffGuest(
        "prakash", at("30:35"), "प्रकाश अधिकारी", "नयाँ बानेश्वर (New Baneshwor) 9", "Kathmandu",
        "Kathmandu", "9860 771 204", (("margherita-25", 2), ("chicken-momo", 2)), _VALLEY,
    ),
)  # fmt: skip

# Both come while the line is down: whoever works here learns of them afterwards.
COLLEAGUE_EDITS: tuple[ColleagueEdit, ...] = (
    ColleagueEdit(
        at("14:00"), "bikash-gate", "bikash", (("addressline", "Gate 3, ring twice"),)
    ),
    ColleagueEdit(
        at("14:20"), "ramesh-moved", "ramesh", (("street", "महाराजगञ्ज (Maharajgunj) 5"),)
    ),
)  # fmt: skip

NAMES = (
    "Sita Tamang", "हरि प्रसाद शर्मा", "Nirmala Rai", "Dipesh Shakya", "कमला पौडेल", "Tenzin Lama",
    "Rojina Karki", "सुरेश बस्नेत", "Manish Tuladhar", "Sabina Magar",
)  # fmt: skip
STREETS: tuple[tuple[str, str, str], ...] = (
    ("Thamel Marg", "Kathmandu", "Kathmandu"),
    ("Paknajol", "Kathmandu", "Kathmandu"),
    ("ज्याठा (Jyatha)", "Kathmandu", "Kathmandu"),
    ("Naxal Bhagwati Marg", "Kathmandu", "Kathmandu"),
    ("Kupondole", "Lalitpur", "Lalitpur"),
    ("पुल्चोक (Pulchowk)", "Lalitpur", "Lalitpur"),
    ("Suryabinayak", "Bhaktapur", "Bhaktapur"),
    ("Banepa Bazaar", "Banepa", "Kavrepalanchok"),
)
LINES_TO_FIND = ("", "", "Blue gate", "2nd floor", "Behind the temple", "माथिल्लो तला")
