"""What one seed draws: which faults there are and how often, how long it all lasts, and who acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

SECOND = 1_000_000
MINUTE = 60 * SECOND

# Faults of single requests; a seed has a few of them.
FAULTS = (
    "unreached", "certificate", "lost", "lost_after", "late", "slow", "twice", "cut", "garbled", "error",
    "error_after", "throttle", "throttle_bare", "unavailable", "portal", "redirect", "gate", "unauthorized",
    "forbidden", "missing", "unsure", "unsure_after", "too_large", "list_gap", "list_short", "list_empty",
    "list_bad_row", "list_no_key", "list_twice",
)  # fmt: skip
# Faults that last: nobody answers, or everybody the same.
EPISODES = ("unreached", "lost", "portal", "unauthorized", "forbidden", "throttle", "error")
RULES = ("none", "none", "forward", "adjacent", "no_final")


@dataclass(frozen=True, slots=True)
class Episode:
    """A fault of all requests for a while; times in microseconds from the beginning."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Menu:
    """What people do with the catalogue, and how the shop takes it."""

    acts: int
    hides: bool  # what is sold out is hidden at the shop
    slow: bool  # the shop stores single products later, too
    many: float  # how often an act is an import of a file


@dataclass(frozen=True, slots=True)
class Mix:
    """The schedule of one seed; everything else follows from it and the seed."""

    seed: int
    calm: bool  # no faults but orders that are refused for ever: they must delay nobody
    format: str
    shape: str  # of the staff format's list
    update: str
    collapse: str
    poll_seconds: int
    parallel: int
    orders: int
    later_orders: int
    length: int  # of the trouble
    acts: int
    busy: bool  # people move orders on and do little else
    foreign: int
    faults: tuple[tuple[str, float], ...]
    episodes: tuple[Episode, ...]
    crashes: tuple[int, ...]  # at which commits, counted over all stations
    stations: int
    handovers: int
    clock_back: tuple[tuple[int, int], ...]  # when, by how much
    rule: str
    refusal: int  # the HTTP status that a refusal comes with
    stubborn: int  # so many orders are refused for ever
    lost_orders: int  # so many orders are gone for a while or for ever
    latency: float
    token_life: int
    drowsy: bool  # the sender takes answers in together, not one by one
    cart_acts: int = (
        0  # so often people change the lines of orders; 0: carts stay as they are, at the shop too
    )
    menu: Menu | None = None  # products on their way to the shop

    def describe(self) -> str:
        """Return the mix as lines for people."""
        names = [name for name in self.__slots__ if name != "seed"]
        return "\n".join(f"  {name} = {getattr(self, name)!r}" for name in names)


def draw_mix(seed: int) -> Mix:
    """Draw the schedule of a seed: most faults are absent from most seeds, so that each can go far."""
    mix = _with_more(_draw(seed))
    rng = Random(f"kind {seed}")
    kind = rng.random()
    if mix.calm or kind > 0.08:
        return mix
    if kind > 0.05:
        # Nothing gets out for so long that steps are given up for later ones; then the shop wants them all.
        length = rng.choice((120, 900)) * SECOND
        return replace(
            mix,
            length=length,
            acts=15,
            busy=True,
            collapse="milestones" if length > 600 * SECOND else "last",
            rule="adjacent",
            faults=(),
            episodes=(Episode("unreached", rng.randrange(20 * SECOND), length - 10 * SECOND),),
        )
    # Much is given up and arrives late, on top of each other, while people are busy with one order.
    return replace(
        mix,
        orders=1,
        later_orders=0,
        acts=rng.choice((8, 15)),
        busy=True,
        foreign=rng.choice((0, 0, 1)),
        length=rng.choice((30, 60, 120)) * SECOND,
        faults=(("late", rng.choice((0.4, 0.7))),),
        episodes=(),
        clock_back=(),
        crashes=(),
        rule="none",
        stubborn=0,
        lost_orders=0,
        latency=0.01,
    )


def _with_more(mix: Mix) -> Mix:
    """Add carts and products to some of the schedules, by a chance of their own."""
    rng = Random(f"more {mix.seed}")
    if mix.calm:
        return mix
    if rng.random() < 0.22:
        mix = replace(mix, cart_acts=rng.choice((2, 4, 8)))
    if mix.format == "internal" and rng.random() < 0.15:
        menu = Menu(rng.choice((2, 5, 8)), rng.random() < 0.5, rng.random() < 0.2, rng.choice((0.1, 0.3)))
        mix = replace(mix, menu=menu)
    return mix


def _draw(seed: int) -> Mix:
    rng = Random(f"mix {seed}")
    calm = rng.random() < 0.03
    length = int(rng.choice((15, 30, 60, 120, 120, 300)) * rng.uniform(0.5, 1.0) * SECOND)
    some = rng.sample(FAULTS, rng.choice((0, 1, 2, 3, 5, 8)))
    orders = rng.choice((1, 1, 2, 3, 4))
    return Mix(
        seed=seed,
        calm=calm,
        format=rng.choice(("internal", "internal", "staff")),
        shape=rng.choice(("array", "page", "page")),
        update=rng.choice(("patch", "patch", "put")),
        collapse=rng.choice(("milestones", "milestones", "all", "last")),
        poll_seconds=rng.choice((10, 30, 60, 60)),
        parallel=8 if calm else rng.choice((1, 2, 8)),
        orders=orders + 2 if calm else orders,
        later_orders=rng.choice((0, 0, 1, 2)),
        length=length,
        acts=rng.choice((2, 4, 8, 15)),
        busy=False,
        foreign=0 if calm else rng.choice((0, 0, 1, 2, 4)),
        faults=() if calm else tuple((name, rng.choice((0.03, 0.1, 0.3))) for name in some),
        episodes=() if calm else _episodes(rng, length),
        crashes=() if calm else tuple(sorted(rng.sample(range(1, 200), rng.choice((0, 0, 1, 3, 6))))),
        stations=rng.choice((1, 1, 2)),
        handovers=0 if calm else rng.choice((0, 0, 1, 2)),
        clock_back=() if calm else _clock_back(rng, length),
        rule="none" if calm else rng.choice(RULES),
        refusal=rng.choice((200, 200, 400, 422)),
        stubborn=1 + (orders > 1) if calm else rng.choice((0, 0, 0, 1)),
        lost_orders=0 if calm else rng.choice((0, 0, 0, 0, 1, 2)),
        latency=rng.choice((0.01, 0.1, 0.4)),
        token_life=rng.choice((60, 300, 3_600)) * SECOND,
        drowsy=rng.random() < 0.3,
    )


def _episodes(rng: Random, length: int) -> tuple[Episode, ...]:
    found = []
    for _ in range(rng.choice((0, 0, 1, 2))):
        start = rng.randrange(length)
        end = start + int(rng.choice((5, 20, 60, 150)) * rng.uniform(0.3, 1.0) * SECOND)
        found.append(Episode(rng.choice(EPISODES), start, end))
    return tuple(found)


def _clock_back(rng: Random, length: int) -> tuple[tuple[int, int], ...]:
    if rng.random() > 0.15:
        return ()
    seconds = rng.choice((1, 4, 40, 200, 3_600))
    return ((rng.randrange(length), int(seconds * SECOND * rng.uniform(0.5, 1.0))),)
