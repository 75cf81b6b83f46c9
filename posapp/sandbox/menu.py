"""The menu of the training shop's three brands, and the guests of its streets."""

# ruff: noqa: RUF001 - this shop writes in Cyrillic

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from posapp.sandbox.orders import Addition, Address, Line, Promo

PIZZA = "Alma Pizza"
SUSHI = "Суши Апорт"
COFFEE = "Кофе Медеу"


@dataclass(frozen=True, slots=True)
class Dish:
    """One thing to order, by a short key."""

    key: str
    internal_id: str
    title: str
    price: Decimal
    brand: str


def _dishes(brand: str, first: int, *rows: tuple[str, str, int]) -> dict[str, Dish]:
    return {
        key: Dish(key, f"internal_{first + index}_0", title, Decimal(price), brand)
        for index, (key, title, price) in enumerate(rows)
    }


DISHES: dict[str, Dish] = (
    _dishes(
        PIZZA,
        400,
        ("margherita-25", "Маргарита 25 см", 2190),
        ("margherita-30", "Маргарита 30 см", 2890),
        ("pepperoni-25", "Пепперони 25 см", 2490),
        ("pepperoni-30", "Пепперони 30 см", 3090),
        ("pepperoni-36", "Пепперони 36 см", 3590),
        ("hawaii-30", "Гавайская 30 см", 3190),
        ("barbecue-30", "Барбекю 30 см", 3290),
        ("barbecue-36", "Барбекю 36 см", 3520),
        ("meat-30", "Мясная 30 см", 3690),
        ("meat-36", "Мясная 36 см", 4490),
        ("four-cheese-36", "Четыре сыра 36 см", 4790),
        ("vegetarian-36", "Вегетарианская 36 см", 4290),
        ("caesar", "Цезарь с курицей", 2350),
        ("greek", "Салат греческий", 1990),
        ("borscht", "Борщ", 1450),
        ("fries", "Картофель фри", 1150),
        ("wings", "Крылья BBQ 12 шт", 4390),
        ("garlic-sauce", "Соус чесночный", 290),
        ("cola", "Coca-Cola 1 л", 690),
        ("lemonade", "Лимонад «Тархун» 0,5 л", 720),
        ("berry-drink", "Морс клюквенный 1 л", 1180),
    )
    | _dishes(
        SUSHI,
        600,
        ("philadelphia-set", "Сет «Филадельфия»", 6490),
        ("philadelphia", "Ролл «Филадельфия»", 2390),
        ("california", "Ролл «Калифорния»", 1870),
        ("dragon", "Ролл «Дракон»", 2690),
        ("salmon-nigiri", "Нигири с лососем, 2 шт", 1290),
        ("miso", "Мисо-суп", 1190),
        ("wok", "Вок с говядиной", 2590),
    )
    | _dishes(
        COFFEE,
        700,
        ("cappuccino", "Капучино 300 мл", 1200),
        ("latte", "Латте 400 мл", 1350),
        ("raf", "Раф «Лаванда» 300 мл", 1490),
        ("tea", "Ташкентский чай", 990),
        ("tiramisu", "Тирамису", 1690),
        ("baursak", "Бауырсақ, 6 шт", 650),
        ("cheesecake", "Чизкейк «Нью-Йорк»", 1790),
    )
)

_CATEGORIES = {
    "Салаты и супы": ("caesar", "greek", "borscht", "miso"),
    "Закуски": ("fries", "wings", "garlic-sauce", "baursak"),
    "Напитки": ("cola", "lemonade", "berry-drink", "cappuccino", "latte", "raf", "tea"),
    "Десерты": ("tiramisu", "cheesecake"),
    "Вок": ("wok",),
}


def category_of(dish: Dish) -> str:
    """Return the category of a dish on the menu of the counter."""
    found = (name for name, keys in _CATEGORIES.items() if dish.key in keys)
    return next(found, "Суши" if dish.brand == SUSHI else "Пицца")


ADDITIONS: dict[str, Addition] = {
    key: Addition(f"internal_{900 + index}_0", title, Decimal(price))
    for index, (key, title, price) in enumerate(
        (
            ("mozzarella", "Двойная моцарелла", 400),
            ("no-basil", "Без базилика", 0),
            ("jalapeno", "Халапеньо", 260),
            ("no-onion", "Без лука", 0),
            ("cheese-crust", "Бортик с сыром", 590),
            ("pineapple", "Двойной ананас", 310),
            ("thin", "Тонкое тесто", 0),
            ("cheddar", "Сыр чеддер", 350),
            ("no-olives", "Без маслин", 0),
            ("no-croutons", "Без сухариков", 0),
            ("oat-milk", "Овсяное молоко", 300),
            ("ginger", "Имбирь и васаби", 150),
        )
    )
}

FITTING = {
    PIZZA: ("mozzarella", "no-basil", "jalapeno", "no-onion", "cheese-crust", "thin", "cheddar", "no-olives"),
    SUSHI: ("ginger",),
    COFFEE: ("oat-milk",),
}

TWO_FOR_ONE = Promo(21, "2 по цене 1")
FIRST_ORDER = Promo(12, "Первый заказ через мобильное приложение", "ALMA2026")

GIFT = Line("internal_143_0", "", 1, Decimal())

NAMES = (
    "Ержан Сейткали",
    "Айдана Нұрғалиева",
    "Сергей Пак",
    "Гүлмира Тұрсынова",
    "Дмитрий Волков",
    "Қымбат Өтегенова",
    "Алексей Цой",
    "Жансая Бекболат",
    "Ирина Соколова",
    "Мұхтар Әуезханов",
    "Виктория Хан",
    "Санжар Қалиев",
    "Наталья Ким",
    "Дәурен Ысқақов",
    "Екатерина Шевченко",
    "Томирис Жақсылық",
    "Михаил Юн",
    "Әсем Оразбай",
)
STREETS = (
    "ул. Жандосова",
    "мкр. Самал-2",
    "пр. Абая",
    "пр. Достык",
    "ул. Тимирязева",
    "мкр. Орбита-3",
    "ул. Навои",
    "мкр. Аксай-4",
    "ул. Сатпаева",
    "Қабанбай батыр көшесі",
    "Әл-Фараби даңғылы",
    "ул. Толе би",
    "мкр. Коктем-1",
    "Наурызбай батыр көшесі",
)
COMMENTS = (
    "Домофон не работает, позвоните",
    "Есікті қақпаңыз, бала ұйықтап жатыр",
    "Приборы на двоих, пожалуйста",
    "Код домофона 14К",
    "Оставить у двери",
    "Аллергия на орехи",
    "Қоңырау шалыңыз, төменге түсемін",
)

# What a prank or an attack looks like: markup, a right-to-left override, a terminal's escape, no end.
HOSTILE_COMMENT = (
    "<b>NO ONIONS</b> <table> allergy: nuts <img src='http://127.0.0.1:9/x.png' onerror=alert(1)>"
    " <a href='file:///'>нажмите</a> &lt;script&gt; \u202eтен огонжы\u202c \u2066\u2067 \x1b[31m{0} %s %n "
    + "Позвоните, позвоните! "
    * 40
)


def address(street: str, home: str, *, apt: str = "", entrance: str = "", level: str = "") -> Address:
    """Build an address with its full text."""
    parts = [f"{street} {home}" if street.startswith("ул.") else f"{street}, {home}"]
    if entrance and not apt:
        parts.append(f"под. {entrance}")
    if apt:
        parts.append(apt if not apt[0].isdigit() else f"кв. {apt}")
    return Address(", ".join(parts), street, home, entrance, level, apt)
