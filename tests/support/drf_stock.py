"""What the staff API's back end tells around its orders: products, taxes, delivery costs, districts."""

from __future__ import annotations

from typing import Any

PRICES = {
    "Kathmandu": (0.0, 50.0, 100.0),
    "Baglung": (100.0, 150.5, 210.0),
    "Panchthar": (10.0, 100.0, 110.0),
}
_PRODUCTS = (
    # id, slug, name, price, discount
    (187, "electronic-bike", "electronic bike", 770.0, 10.0),
    (188, "kids-car", "kids car", 2000.0, 0.0),
    (189, "rattle", "rattle", 99.9, 0.0),
)


def product(number: int, slug: str, name: str, price: float, discount: float) -> dict[str, Any]:
    """Return a product as the shop lists it."""
    return {
        "id": number,
        "url": f"http://dev.babylandworld.com/apps/product/{slug}/",
        "active": True,
        "slug": slug,
        "sku": f"{slug}-2020",
        "name": name,
        "price": price,
        "discount_percent": discount,
        "final_cost": round(price * (1 - discount / 100), 2),
        "price_unit": "Nrs.",
        "short_description": name,
        "description": f"A {name}.",
        "stock_amount": 20.0,
        "stock_unit": "piece",
        "tax_type": "http://dev.babylandworld.com/apps/tax/37/",
        "primary_category": "http://dev.babylandworld.com/apps/category/121/",
        "images": [
            {
                "id": 88,
                "product": number,
                "name": "front",
                "image_file": "http://dev.babylandworld.com/m/1.jpg",
            }
        ],
    }


def products() -> list[dict[str, Any]]:
    """Return the catalogue."""
    return [product(*item) for item in _PRODUCTS]


def taxes() -> list[dict[str, Any]]:
    """Return the taxes."""
    base = "http://dev.babylandworld.com/apps/tax"
    return [
        {"id": 37, "url": f"{base}/37/", "name": "zero tax", "percent": 0.0},
        {"id": 38, "url": f"{base}/38/", "name": "VAT", "percent": 13.0},
    ]


def delivery_costs() -> list[dict[str, Any]]:
    """Return what the delivery to each district costs."""
    return [
        {
            "id": number,
            "price_class_a": a,
            "price_class_b": b,
            "price_class_c": c,
            "district_name": name,
            "price_unit": "Nrs.",
        }
        for number, (name, (a, b, c)) in enumerate(PRICES.items(), 10)
    ]


def districts(names: list[str]) -> dict[str, Any]:
    """Return the districts as the shop tells them."""
    return {
        "all": names,
        "deliverable": list(PRICES),
        "detail": [{name: [0, *prices]} for name, prices in PRICES.items()],
    }
