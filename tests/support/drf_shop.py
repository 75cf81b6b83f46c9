"""The staff API of a real back end (`tests.support.drf_server`), started and steered by a test."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent.parent
STAFF, CUSTOMER, PASSWORD = "staff@shop.example", "customer@shop.example", "canary-password-71c2"


def staff_order(number: int, **changes: Any) -> dict[str, Any]:
    """Return an order as the seed document shows it."""
    return {
        "id": number,
        "cart": {
            "no_of_items": 1,
            "products": [
                {
                    "id": 23,
                    "product_id": 187,
                    "product": "http://dev.babylandworld.com/apps/product/electronic-bike/",
                    "p_name": "electronic bike",
                    "p_short_description": "electronic bike",
                    "p_price_unit": "Nrs.",
                    "p_delivery_class": 0,
                    "unit_cost": 770.0,
                    "discount_percent": 10.0,
                    "unit_final_cost": 693.0,
                    "quantity": 5,
                    "total_cost": 3465.0,
                    "total_saved": 385.0,
                }
            ],
            "discounted_amount": 385.0,
            "tax_amount": 63.0,
            "total": 3465.0,
        },
        "final_cost": 3465.0,
        "payment_status": 1,
        "payment_method": 0,
        "order_status": 0,
        "delivery_status": 0,
        "code": f"1d07e3229370f{number:02d}",
        "name": "test@user",
        "addressline": "add-1234",
        "street": "25",
        "city": "Kathmandu",
        "district": "Baglung",
        "phone": "987654321",
        "email": "test@user.com",
        "country": "Nepal",
        "order_date": "2020-09-05T15:33:14.770166+02:00",
        "shipping_date": "2020-09-05T14:21:48+02:00",
        "delivery_date": None,
        "payment_date": "2020-09-05T13:33:14+02:00",
        "delivery_class": 0,
        "shipping_cost": 0.0,
        "c_email": "test@example.com",
        "c_name": "345wert",
        "customer": 207,
        **changes,
    }


class DrfShop:
    """One back end in a process of its own; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.drf_server", str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        assert port, "the back end did not start"
        self.port = int(port)
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self) -> Self:
        """Return the running back end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)

    def begin(self, count: int = 0) -> None:
        """Start anew: long-lived tokens, the accounts with their passwords, so many orders."""
        orders = [staff_order(number) for number in range(1, count + 1)]
        self.control(reset=True)
        self.control(orders=orders, access_seconds=300, passwords={STAFF: PASSWORD, CUSTOMER: PASSWORD})

    def control(self, **wishes: Any) -> Any:
        """Change something; return what the back end holds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", "/control/", json.dumps(wishes).encode())
            answer = connection.getresponse()
            assert answer.status == 200
            return json.load(answer)
        finally:
            connection.close()

    def order(self, number: int) -> dict[str, Any]:
        """Return one order as the back end has it."""
        found: dict[str, Any] = next(order for order in self.control()["orders"] if order["id"] == number)
        return found

    def pair(self, number: int) -> tuple[int, int]:
        """Return the two status numbers of an order."""
        order = self.order(number)
        return order["order_status"], order["delivery_status"]

    def requests(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """Return the requests so far with this method, to paths that begin so."""
        return [
            request
            for request in self.control()["requests"]
            if method in {"", request["method"]} and request["path"].startswith(path)
        ]
