"""A station as a program of its own: acts for so long, and tells what was saved."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.status import Kind, Status, allowed_moves
from posapp.domain.who import Who
from posapp.services import edits, orders
from posapp.services.intake import take_in
from posapp.storage.database import open_store
from posapp.storage.store import Store
from tests.support.shop_orders import SOURCE, remote_order

ZONE = ZoneInfo("Asia/Almaty")


def act(store: Store, chance: random.Random, who: Who, number: int) -> dict[str, object]:
    """Do one thing; return what it was, as it has to be found later."""
    pk, status, kind = chance.choice(store.all("SELECT pk, status, kind FROM orders ORDER BY pk"))
    what = chance.choice(("move", "move", "edit", "edit", "undo", "take in"))
    if what == "move":
        target = chance.choice(allowed_moves(Status(status), Kind(kind)) or (Status.ACCEPTED,))
        moved = orders.move(store, pk, target, who)
        return {"what": "moved" if moved.changed else "", "pk": pk, "to": moved.after.value}
    if what == "undo":
        return {"what": "undone", "pk": pk, "to": orders.undo(store, pk, who).after.value}
    if what == "edit":
        street = f"{who.station} {number}"
        edits.save(store, pk, {"street": street}, who, ZONE)
        return {"what": "edited", "pk": pk, "to": street}
    name = f"{who.station}-{number}"
    take_in(store, SOURCE, [remote_order(name)], who.station)
    return {"what": "received", "pk": 0, "to": name}


def main() -> None:
    data_dir, station, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    store = open_store(data_dir)
    chance, who = random.Random(station), Who("anna", station)
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        try:
            done = act(store, chance, who, number)
        except (RefusedError, StaleOrderError):
            continue
        if done["what"]:
            sys.stdout.write(json.dumps(done) + "\n")
            sys.stdout.flush()
    store.close_thread()


if __name__ == "__main__":
    main()
