"""One seed from beginning to end."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from posapp.log import RedactingFormatter
from tests.simulation import verdicts
from tests.simulation.database import workshop
from tests.simulation.goods import Goods
from tests.simulation.mix import MINUTE, SECOND, Mix, draw_mix
from tests.simulation.network import LONGEST, Network
from tests.simulation.people import Others, Staff
from tests.simulation.referee import Referee
from tests.simulation.shop import make_shop
from tests.simulation.staff_shop import StaffShop
from tests.simulation.station import Crashes, Station
from tests.simulation.world import ViolationError, World

SECRET = "k-5f3a91c2e7b04d68"
HEALING = 10 * MINUTE
PAUSE = 5 * SECOND


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a seed."""

    seed: int
    broken: str = ""
    trace_hash: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    trace: tuple[str, ...] = ()
    mix: Mix | None = None

    def report(self) -> str:
        """Return everything that is needed to understand and to replay it."""
        lines = [f"seed {self.seed}: {self.broken or 'well'} (trace {self.trace_hash})"]
        lines += [self.mix.describe() if self.mix else "", *self.trace]
        lines.append(f"replay: python -m tests.simulation --seeds {self.seed} --trace")
        return "\n".join(lines)


class _Heard(logging.Handler):
    """Gathers what the log would hold, as the log would hold it."""

    def __init__(self, bugs: list[str], lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(RedactingFormatter())
        self._bugs = bugs
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        self._lines.append(text)
        if record.levelno >= logging.ERROR:
            # Without its time: that is of this run, not of this seed.
            self._bugs.append(text.partition(" ")[2])


@contextmanager
def _hearing(bugs: list[str], lines: list[str]) -> Iterator[None]:
    logger = logging.getLogger("posapp")
    handler = _Heard(bugs, lines)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


class Simulation:
    """The world of one seed."""

    def __init__(self, mix: Mix) -> None:
        self.mix = mix
        self.world = World(mix)
        self.lines: list[str] = []  # of the log
        self._files = workshop()
        self._files.fresh()
        self._look = self._files.look()
        self.shop = make_shop(mix.format, self.world.rng("shop"), mix.rule, mix.refusal, SECRET)
        if isinstance(self.shop, StaffShop):
            self.shop.pages = mix.shape == "page"
            self.shop.token_life = mix.token_life
        self.shop.has_carts = mix.cart_acts > 0
        if mix.menu is not None:
            self.shop.goods = Goods(self.world.rng("goods"), slow=mix.menu.slow)
        for number in range(mix.orders):
            self.shop.add(0).stubborn = number < mix.stubborn
        self.referee = Referee(self.world, self.shop, self._look)
        self.net = Network(self.world, mix, self.shop, self.world.rng("network"))
        self.net.arrived = self.referee.arrived
        self._crashes = Crashes(self.world)
        names = [f"counter-{number + 1}" for number in range(mix.stations)]
        self.stations = [
            Station(name, self.world, self._files, self.net, self.referee, self._crashes) for name in names
        ]
        for station in self.stations:
            station.others = [other for other in self.stations if other is not station]
        self._look_again = 0
        # Most seeds end when nothing is left that could happen; some wait to see that nothing does.
        self._patient = self.world.rng("patience").random() < 0.02
        self._plan()

    def _plan(self) -> None:
        world, mix = self.world, self.mix
        for station in self.stations:
            world.later(0, station.start)
        rng = world.rng("times")
        for _ in range(mix.later_orders):
            world.later(rng.randrange(mix.length), self._customer_orders)
        for _ in range(mix.handovers):
            world.later(rng.randrange(mix.length), self._hand_over)
        for at, by in mix.clock_back:
            world.later(at, lambda by=by: world.put_clock_back(by))  # type: ignore[misc] # bound here
        Staff(world, self.stations, self.referee).plan()
        Others(world, self.shop, self.referee).plan()

    def _customer_orders(self) -> None:
        record = self.shop.add(self.world.now)
        self.world.note("a customer orders", record.remote_id)

    def _hand_over(self) -> None:
        for station in self.stations:
            station.hand_over()

    def run(self) -> None:
        """Let the trouble happen, then let it end and see what is left."""
        self.world.run(self.mix.length, self._dues, self._after)
        self.world.note("healed")
        self.net.healed = True
        self._crashes.enabled = False
        if self.world.rng("healing").random() < 0.5:
            self.stations[0].kick()
        # Once all that is under way has been answered.
        self.world.later(LONGEST + SECOND, self._new_key)
        begin = max(self.world.now, self.referee.throttled_until())
        self.world.run(begin + HEALING, self._dues, self._after_healing)
        self._end()

    def _new_key(self) -> None:
        """Let a person enter a new key where a sender waits for one, which is a kick too."""
        if any(station.lane is not None and station.lane.needs_sign_in for station in self.stations):
            self.stations[0].kick()

    def _dues(self) -> list[int]:
        return [station.due for station in self.stations if station.due is not None]

    def _after(self) -> bool:
        for station in self.stations:
            station.poll()
        return False

    def _after_healing(self) -> bool:
        self._after()
        if self._patient or self.world.now < self._look_again:
            return False
        if self.net.under_way or any(one.is_asking for one in self.stations):
            return False
        self._look_again = self.world.now + PAUSE
        menu = self.referee.menu
        if menu is not None and not menu.is_quiet():
            return False
        return verdicts.is_quiet(self.referee, self.shop, self._look)

    def _end(self) -> None:
        referee, world = self.referee, self.world
        for book in list(referee.books.values()):
            if book.pk:
                referee.look(book.pk)
        verdicts.check_end(world, referee, self.shop, self._look, self.net.beyond)
        if referee.menu is not None:
            referee.menu.check_end(self.net.beyond_products)
        verdicts.check_custody(world, self.stations[0].store)
        verdicts.check_secrets(world, self._look, self.lines, SECRET)
        kicks = sum(words[0] == "kick" for _, words in world.trace)
        verdicts.check_budget(world, self.mix, referee, kicks)
        if self.mix.calm:
            verdicts.check_calm(world, referee, self.shop, self.mix.latency)

    def close(self) -> None:
        """Close everything."""
        for station in self.stations:
            station.close()
        self._look.close()


def run_seed(seed: int, *, keep_trace: bool = False) -> Result:
    """Run one seed; the same seed gives the same trace."""
    simulation = Simulation(draw_mix(seed))
    world = simulation.world
    broken = ""
    with _hearing(simulation.referee.logged, simulation.lines):
        try:
            simulation.run()
        except ViolationError as error:
            broken = str(error)
        finally:
            simulation.close()
    counts = simulation.referee.tally.counts
    counts["virtual seconds"] = world.now // SECOND
    trace = tuple(world.trace_lines()) if broken or keep_trace else ()
    return Result(seed, broken, world.trace_hash(), counts, trace, simulation.mix)
