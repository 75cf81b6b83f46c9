"""What the staff API's back end takes: the seed document's table of parameters as serializers.

Imported once Django is set up.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

_NAMES = """
    Achham Arghakhanchi Baglung Baitadi Bajhang Bajura Banke Bara Bardiya Bhaktapur Bhojpur Chitwan
    Dadeldhura Dailekh Dang Darchula Dhading Dhankuta Dhanusa Dolakha Dolpa Doti Eastern_Rukum Gorkha
    Gulmi Humla Ilam Jajarkot Jhapa Jumla Kailali Kalikot Kanchanpur Kapilvastu Kaski Kathmandu
    Kavrepalanchok Khotang Lalitpur Lamjung Mahottari Makwanpur Manang Morang Mugu Mustang Myagdi
    Nawalpur Nuwakot Okhaldhunga Palpa Panchthar Parasi Parbat Parsa Pyuthan Ramechhap Rasuwa Rautahat
    Rolpa Rupandehi Salyan Sankhuwasabha Saptari Sarlahi Sindhuli Sindhupalchok Siraha Solukhumbu Sunsari
    Surkhet Syangja Tanahun Taplejung Terhathum Udayapur Western_Rukum
"""
DISTRICTS = [name.replace("_", " ") for name in _NAMES.split()]


class OrderSerializer(serializers.Serializer):
    """The writable fields of an order, with the seed's bounds."""

    payment_status = serializers.ChoiceField([0, 1], required=False)
    payment_method = serializers.ChoiceField([0], required=False)
    order_status = serializers.ChoiceField([0, 1, 2, 3, 4], required=False)
    delivery_status = serializers.ChoiceField([0, 1, 2], required=False)
    name = serializers.CharField(max_length=100)
    addressline = serializers.CharField(max_length=100, min_length=1, required=False)
    street = serializers.CharField(max_length=250, min_length=1)
    city = serializers.CharField(max_length=50, min_length=1)
    district = serializers.ChoiceField(DISTRICTS)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=255, min_length=1)
    country = serializers.CharField(required=False, allow_blank=True)
    order_date = serializers.DateTimeField(required=False)
    shipping_date = serializers.DateTimeField(required=False, allow_null=True)
    delivery_date = serializers.DateTimeField(required=False, allow_null=True)
    payment_date = serializers.DateTimeField(required=False, allow_null=True)
    delivery_class = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2)
    shipping_cost = serializers.FloatField(required=False, min_value=0)
    c_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    c_name = serializers.CharField(max_length=180, required=False, allow_blank=True)
    customer = serializers.IntegerField(required=False, allow_null=True)
    cart = serializers.IntegerField()

    def stored(self) -> dict[str, Any]:
        """Return what was taken, as an answer shows it; the cart's number is no news."""
        return {
            name: None if value is None else self.fields[name].to_representation(value)
            for name, value in self.validated_data.items()
            if name != "cart"
        }


class LineSerializer(serializers.Serializer):
    """One line of a cart on write; the shop knows the price."""

    product = serializers.URLField()
    p_name = serializers.CharField(max_length=180)
    p_short_description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    p_price_unit = serializers.CharField(max_length=20, required=False, allow_blank=True)
    p_delivery_class = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2)
    quantity = serializers.IntegerField(min_value=1, max_value=1000)


class CartSerializer(serializers.Serializer):
    """A cart on write: all its lines."""

    products = LineSerializer(many=True, allow_empty=False)


def priced(lines: list[dict[str, Any]], catalogue: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a cart as the shop shows it; raise ValidationError for a product that it does not have."""
    known = {product["url"]: product for product in catalogue}
    strange: list[dict[str, Any]] = [
        {} if line["product"] in known else {"product": ["Invalid hyperlink - Object does not exist."]}
        for line in lines
    ]
    if any(strange):
        raise serializers.ValidationError({"products": strange})
    shown = []
    for number, line in enumerate(lines, 1):
        product = known[line["product"]]
        final = round(product["price"] * (1 - product["discount_percent"] / 100), 2)
        shown.append(
            {
                "id": 100 + number,
                "product_id": product["id"],
                **line,
                "unit_cost": product["price"],
                "discount_percent": product["discount_percent"],
                "unit_final_cost": final,
                "total_cost": round(final * line["quantity"], 2),
                "total_saved": round((product["price"] - final) * line["quantity"], 2),
            }
        )
    return {
        "no_of_items": len(shown),
        "products": shown,
        "discounted_amount": round(sum(line["total_saved"] for line in shown), 2),
        "tax_amount": 0.0,
        "total": round(sum(line["total_cost"] for line in shown), 2),
    }
