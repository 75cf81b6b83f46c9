"""The guests of the first half-hour of the training day, by name."""

# ruff: noqa: RUF001 - this shop writes in Cyrillic

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from posapp.domain.status import PaymentMethod
from posapp.sandbox.menu import (
    COFFEE,
    FIRST_ORDER,
    HOSTILE_COMMENT,
    PIZZA,
    SUSHI,
    TWO_FOR_ONE,
    address,
)
from posapp.sandbox.orders import Address, Promo

CARD = PaymentMethod.CARD
CASH = PaymentMethod.CASH
PICKUP = Address()
NEAR = Decimal(990)
FREE = Decimal()

Item = tuple[str, int, tuple[str, ...]]


def at(clock: str) -> timedelta:
    """Read "minutes:seconds" since the start of the day."""
    minutes, _, seconds = clock.partition(":")
    return timedelta(minutes=int(minutes), seconds=int(seconds))


OUTAGE_BEGINS = at("13:00")
OUTAGE_ENDS = at("15:00")
TOUR = at("32:00")


@dataclass(frozen=True, slots=True)
class Guest:
    """One order of the cast; `due` is a time after the start of the day, rounded later to five minutes."""

    name: str
    arrives: timedelta
    customer: str
    address: Address
    brand: str
    source: str
    method: PaymentMethod
    items: tuple[Item, ...]
    delivery: Decimal = NEAR
    change: str = ""
    comment: str = ""
    phone: str = ""
    promo: Promo | None = None
    promo_item: int = 0
    discount: Decimal = Decimal()
    gift: bool = False
    due: timedelta | None = None
    declined_after_cooking: timedelta | None = None


GUESTS: tuple[Guest, ...] = (
    Guest(
        "erzhan",
        at("0:05"),
        "Ержан Сейткали",
        address("пр. Достык", "132", apt="офис 401", level="4"),
        PIZZA,
        "web",
        CARD,
        (("pepperoni-36", 4, ()), ("barbecue-36", 2, ("no-onion",))),
        delivery=FREE,
        comment="Для офиса, счёт-фактуру положите в пакет",
        due=at("80:00"),
    ),
    Guest(
        "igor",
        at("0:25"),
        "Игорь Ли",
        address("ул. Сатпаева", "90", entrance="1"),
        COFFEE,
        "mobile",
        CARD,
        (("cappuccino", 2, ("oat-milk",)), ("cheesecake", 2, ())),
    ),
    Guest(
        "gulnara",
        at("1:10"),
        "Гүлнара Ахметова",
        address("мкр. Коктем-1", "26", apt="9", level="2"),
        PIZZA,
        "mobile",
        CASH,
        (("margherita-30", 2, ()),),
        change="10000",
        due=at("95:00"),
    ),
    Guest(
        "madina",
        at("3:30"),
        "Мадина Оспанова",
        address("ул. Навои", "208/4", entrance="2"),
        SUSHI,
        "mobile",
        CASH,
        (("philadelphia-set", 1, ()), ("california", 1, ())),
        change="20000",
    ),
    Guest(
        "zhanna",
        at("5:00"),
        "Жанна Ким",
        address("мкр. Аксай-4", "61", apt="17", level="5"),
        PIZZA,
        "web",
        CARD,
        (("meat-36", 1, ()), ("greek", 1, ("no-olives",))),
    ),
    Guest(
        "asel",
        at("6:20"),
        "Әсел Тоқтарова",
        address("Қабанбай батыр көшесі", "114", apt="31", level="6"),
        SUSHI,
        "mobile",
        CARD,
        (("dragon", 2, ("ginger",)), ("miso", 2, ())),
        comment="Қоңырау шалыңыз, төменге түсемін",
        gift=True,
    ),
    Guest(
        "saule",
        at("9:30"),
        "Сәуле Ибраева",
        address("пр. Абая", "52", apt="8", level="3"),
        PIZZA,
        "web",
        CARD,
        (("four-cheese-36", 1, ()), ("meat-30", 1, ("no-onion", "cheese-crust"))),
        comment="Аллергия: орехи",
    ),
    Guest(
        "timur",
        at("10:45"),
        "Тимур Исаев",
        address("мкр. Орбита-3", "12", apt="8"),
        PIZZA,
        "mobile",
        CASH,
        (("margherita-30", 1, ()), ("pepperoni-30", 1, ("jalapeno",))),
        change="7230",
    ),
    Guest(
        "bekzat",
        at("11:30"),
        "Бекзат Омаров",
        address("Әл-Фараби даңғылы", "77/8", apt="204", level="20"),
        SUSHI,
        "web",
        CARD,
        (("wok", 2, ()), ("philadelphia", 1, ("ginger",)), ("salmon-nigiri", 2, ())),
        declined_after_cooking=timedelta(seconds=75),
    ),
    Guest(
        "ruslan",
        at("14:10"),
        "Руслан Беков",
        address("ул. Толе би", "189", apt="44", level="4"),
        PIZZA,
        "mobile",
        CARD,
        (("margherita-25", 2, ("no-basil",)), ("borscht", 1, ()), ("lemonade", 1, ())),
    ),
    Guest(
        "aliya",
        at("17:30"),
        "Алия Жумабаева",
        address("ул. Тимирязева", "42", apt="БЦ «Алатау»"),
        PIZZA,
        "mobile",
        CARD,
        (("pepperoni-25", 3, ()), ("fries", 2, ()), ("wings", 1, ()), ("lemonade", 1, ())),
    ),
    Guest(
        "dinara",
        at("20:00"),
        "Динара Алиева",
        address("ул. Навои", "310", apt="6"),
        PIZZA,
        "web",
        CARD,
        (("vegetarian-36", 1, ("thin",)), ("garlic-sauce", 4, ())),
        comment="Позвоните за 5 минут",
        promo=FIRST_ORDER,
        discount=Decimal(500),
    ),
    Guest(
        "olga",
        at("24:30"),
        "Ольга Петрова",
        address("пр. Абая", "109в", apt="52"),
        PIZZA,
        "web",
        CARD,
        (("vegetarian-36", 1, ()), ("cappuccino", 1, ())),
    ),
    Guest(
        "stranger",
        at("26:00"),
        "Гость",
        address("Наурызбай батыр көшесі", "17", apt="1"),
        COFFEE,
        "web",
        CASH,
        (("tea", 1, ()), ("baursak", 2, ())),
        comment=HOSTILE_COMMENT,
    ),
    Guest(
        "nurlan",
        at("26:40"),
        "Нұрлан Әбенов",
        PICKUP,
        PIZZA,
        "web",
        CASH,
        (("hawaii-30", 1, ("pineapple",)), ("cola", 1, ())),
        delivery=FREE,
    ),
    Guest(
        "anna",
        at("27:50"),
        "Анна Цой",
        PICKUP,
        PIZZA,
        "mobile",
        CARD,
        (("pepperoni-36", 1, ("cheddar",)),),
        delivery=FREE,
    ),
    Guest(
        "danyar",
        at("29:46"),
        "Данияр Ким",
        address("ул. Жандосова", "58а", entrance="3"),
        PIZZA,
        "web",
        CARD,
        (("meat-36", 1, ()), ("four-cheese-36", 1, ()), ("fries", 1, ()), ("berry-drink", 1, ())),
    ),
    Guest(
        "aigerim",
        at("31:12"),
        "Айгерим Сатпаева",
        address("мкр. Самал-2", "77", apt="14", entrance="2", level="4"),
        PIZZA,
        "mobile",
        CASH,
        (("margherita-30", 1, ("mozzarella", "no-basil")), ("pepperoni-25", 2, ("thin",)), ("cola", 1, ())),
        change="10000",
        comment="Домофон не работает, позвоните",
        phone="77012341806",
        promo=TWO_FOR_ONE,
        promo_item=1,
        discount=Decimal(2490),
    ),
)
