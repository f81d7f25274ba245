"""How soon news is found, against how often sources are asked: three rules at the same cost.

    python bench/poll_rhythm.py [--seeds 20] [--days 7] [--sources 10] [--feeds FOLDER]
                                [--plot docs/images/poll-rhythm.svg]

A world of sources publishes by hour of the week, with bursts; some are weekly, some are dead.
Each rule first watches two weeks, then is measured over the rest. A rule is run at several
prices, so that each gives a curve; they are compared where they spend the same requests. With
``--feeds`` the publication times of real feed files below that folder are a second world, each
repeated period by period.

- ours: ``mediawatch.sources.rhythm``; the knob is the price of a request
- fixed: every source at the same interval, which is the knob
- Media Cloud (rss-fetcher): 10 minutes more when over 67 % of a reading's items are known (60
  when nothing came for 31 days), 60 minutes less when under 33 %, from 10 minutes to 24 hours;
  the knob makes all of these minutes longer or shorter
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins"))

from mediawatch.model import Rejected
from mediawatch.sources import rhythm
from mediawatch.sources.feeds import parse_feed
from mediawatch.text.dates import parse_date

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
WARM_UP = 14 * 24.0
WINDOW = 20  # items that a feed holds
KNOBS = {
    "ours": (0.5, 2.0, 8.0, 64.0, 512.0, 4096.0),  # item-minutes
    "fixed": (15.0, 30.0, 60.0, 120.0, 240.0),  # minutes
    "Media Cloud": (0.25, 1.0, 2.0),
}
PLAIN = {"fixed": 15.0, "Media Cloud": 1.0}  # as they are used
FONT = 'font-family="sans-serif" font-size="13"'
MIDDLE = 'text-anchor="middle"'
ACROSS = "requests for each source and day (rings: the rule as it is used)"
UP = "minutes from publication to discovery (median)"
Times = list[float]  # hours since START, rising
# The hours to wait, of the time, the new items and all items of this reading.
Rule = Callable[[float, Times, Times], float]


@dataclass
class Outcome:
    """What one rule did in one world; delays in minutes, from publication to discovery."""

    requests: int = 0
    lost: int = 0
    delays: list[float] = field(default_factory=list)


def ours(price: float) -> Rule:
    """The product's own rule."""
    known: rhythm.Rhythm | None = None
    usual: Sequence[float] = ()
    since = -math.inf

    def rule(now: float, new: Times, _shown: Times) -> float:
        nonlocal known, usual, since
        moment = START + timedelta(hours=now)
        if new or known is None:
            known = rhythm.learned(known, [START + timedelta(hours=t) for t in new], moment)
        if new or now - since > 6:
            usual, since = rhythm.rates(known, moment), now
        factor = rhythm.burst(known, usual, moment)
        return rhythm.next_reading(usual, factor, moment, price / 60) / rhythm.HOUR

    return rule


def fixed(minutes: float) -> Rule:
    """The same interval for ever."""
    return lambda _now, _new, _shown: minutes / 60


def media_cloud(scale: float) -> Rule:
    """Longer when much is known, shorter when little is."""
    minutes = 60.0 * scale
    latest = -math.inf

    def rule(now: float, new: Times, shown: Times) -> float:
        nonlocal minutes, latest
        latest = now if new else latest
        known = 100 * (1 - len(new) / len(shown)) if shown else 100
        if known > 67:
            minutes += (10 if now - latest < 31 * 24 else 60) * scale
        elif known < 33:
            minutes -= 60 * scale
        minutes = min(max(minutes, 10 * scale), 24 * 60)
        return minutes / 60

    return rule


RULES: dict[str, Callable[[float], Rule]] = {
    "ours": ours,
    "fixed": fixed,
    "Media Cloud": media_cloud,
}


def follow(times: Times, rule: Rule, first: float, end: float, outcome: Outcome) -> None:
    """Read one source by a rule until the end."""
    now, read = first, 0
    while now < end:
        there = bisect_right(times, now)
        shown = times[max(0, there - WINDOW) : there]
        found = times[max(read, there - WINDOW) : there]
        if now >= WARM_UP:
            outcome.requests += 1
            outcome.delays += [(now - t) * 60 for t in found if t >= WARM_UP]
            missed = times[read : max(read, there - WINDOW)]
            outcome.lost += sum(t >= WARM_UP for t in missed)
        read = there
        now += rule(now, found, shown)


def run(world: list[Times], name: str, knob: float, end: float, seed: int) -> Outcome:
    """One rule over all sources of a world."""
    outcome = Outcome()
    chance = random.Random(seed)
    for times in world:
        follow(times, RULES[name](knob), chance.random(), end, outcome)
    return outcome


def invented(seed: int, sources: int, end: float) -> list[Times]:
    """A world of sources by hour of the week: most daily, a tenth weekly, a tenth dead."""
    chance = random.Random(seed)
    world = []
    for number in range(sources):
        kind = number % 10
        begin = -60 * 24.0
        if kind == 0:
            world.append(thinned(chance, 12 / 24, begin, -chance.uniform(10, 40) * 24, {}))
        elif kind == 1:
            world.append(weekly(chance, begin, end))
        else:
            rate = math.exp(chance.gauss(math.log(12), 1.3)) / 24
            world.append(thinned(chance, min(rate, 20), begin, end, daily_shape(chance)))
    return world


def daily_shape(chance: random.Random) -> dict[int, float]:
    """The weight of each hour of the week: quiet nights, mornings and evenings, thin weekends."""
    wake, weekend = chance.randrange(24), chance.uniform(0.2, 1.0)
    shape = {}
    for hour in range(rhythm.HOURS):
        local = (hour - wake) % 24
        weight = 0.1 if local >= 16 else 1 + 0.8 * math.exp(-(((local - 3) / 2) ** 2))
        shape[hour] = weight * (weekend if hour // 24 >= 5 else 1)
    mean = fmean(shape.values())
    return {hour: weight / mean for hour, weight in shape.items()}


def thinned(
    chance: random.Random, rate: float, begin: float, end: float, shape: dict[int, float]
) -> Times:
    """A Poisson process by hour of the week; about twice a week two hours bring five times more."""
    times, now = [], begin
    bursts = sorted(chance.uniform(begin, end) for _ in range(int((end - begin) / 84)))
    highest = rate * (max(shape.values(), default=1)) * 5
    while True:
        now += chance.expovariate(highest)
        if now >= end:
            return times
        place = bisect_right(bursts, now)
        boost = 5 if place and now - bursts[place - 1] < 2 else 1
        wanted = rate * shape.get(int(now) % rhythm.HOURS, 1) * boost
        if chance.random() < wanted / highest:
            times.append(now)


def weekly(chance: random.Random, begin: float, end: float) -> Times:
    """A paper that comes out at one hour of the week."""
    hour = chance.randrange(rhythm.HOURS)
    issues = range(math.ceil((begin - hour) / rhythm.HOURS), int((end - hour) / rhythm.HOURS) + 1)
    return sorted(
        hour + week * rhythm.HOURS + chance.uniform(0, 1)
        for week in issues
        for _ in range(chance.randrange(3, 11))
    )


def from_feeds(folder: Path, end: float) -> list[Times]:
    """The publication times of real feeds, repeated to fill the weeks that are watched."""
    world = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".xml", ".rss", ".json")):
        feed = parse_feed(path.read_bytes())
        if isinstance(feed, Rejected):
            continue
        found = {parse_date(item.published, origin="feed").value for item in feed.items}
        hours = sorted((t - START).total_seconds() / 3600 for t in found if t)
        # Five items within a month: below that there is no rhythm to repeat.
        if len(hours) < 5 or not 1 < hours[-1] - hours[0] < 31 * 24:
            continue
        period = math.ceil((hours[-1] - hours[0]) / rhythm.HOURS) * rhythm.HOURS
        shift = math.floor(hours[0] / rhythm.HOURS) * rhythm.HOURS
        starts = range(-8 * rhythm.HOURS // period * period, int(end), period)
        times = (t - shift + begin for begin in starts for t in hours)
        world.append(sorted(t for t in times if t < end))
    return world


def at_same_cost(curve: list[tuple[float, float]], requests: float) -> float:
    """The delay of a curve at so many requests, between its points by their logarithms; beyond
    its dearest point that of this point, which costs less.
    """
    points = sorted(curve)
    if requests > points[-1][0]:
        return points[-1][1]
    for (r1, d1), (r2, d2) in pairwise(points):
        if r1 <= requests <= r2:
            part = math.log(requests / r1) / math.log(r2 / r1)
            return d1 * (d2 / d1) ** part
    return math.nan


def measure(
    worlds: list[list[Times]], end: float
) -> dict[str, dict[float, tuple[float, float, float, float]]]:
    """For each rule and knob: requests a source and day, median, mean, lost share."""
    days = (end - WARM_UP) / 24
    table: dict[str, dict[float, tuple[float, float, float, float]]] = {}
    for name, knobs in KNOBS.items():
        for knob in knobs:
            outs = [run(world, name, knob, end, seed) for seed, world in enumerate(worlds)]
            sources = sum(map(len, worlds))
            delays = [delay for out in outs for delay in out.delays]
            lost = sum(out.lost for out in outs)
            requests = sum(out.requests for out in outs) / sources / days
            table.setdefault(name, {})[knob] = (
                requests,
                median(delays),
                fmean(delays),
                lost / (len(delays) + lost),
            )
    return table


def report(title: str, table: dict[str, dict[float, tuple[float, float, float, float]]]) -> bool:
    """Print the figures; whether ours is ahead of both at their own cost."""
    print(
        f"\n{title}\n{'rule':12} {'knob':>6} {'requests':>9} {'median':>7} {'mean':>7} {'lost':>6}"
    )
    for name, rows in table.items():
        for knob, (requests, middle, mean, lost) in rows.items():
            print(f"{name:12} {knob:6g} {requests:9.1f} {middle:7.1f} {mean:7.1f} {lost:6.2%}")
    ahead = True
    for name in ("fixed", "Media Cloud"):
        for knob, (requests, middle, mean, _) in table[name].items():
            medians = at_same_cost([(r[0], r[1]) for r in table["ours"].values()], requests)
            means = at_same_cost([(r[0], r[2]) for r in table["ours"].values()], requests)
            print(
                f"at the requests of {name} {knob:g} ({requests:.1f} a source and day): ours has"
                f" {medians / middle:.2f} of its median delay, {means / mean:.2f} of its mean"
            )
            if knob == PLAIN[name]:
                ahead = ahead and medians < middle
    return ahead


def main() -> int:
    """Measure, print, draw; 1 when ours is not ahead."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--sources", type=int, default=10)
    parser.add_argument("--feeds", type=Path)
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    end = WARM_UP + args.days * 24.0
    worlds = [invented(seed, args.sources, end) for seed in range(1, args.seeds + 1)]
    table = measure(worlds, end)
    ahead = report(f"invented worlds, seeds 1 to {args.seeds}", table)
    if args.feeds:
        world = from_feeds(args.feeds, end)
        ahead = report(f"{len(world)} real feeds", measure([world], end)) and ahead
    if args.plot:
        args.plot.write_text(drawn(table), encoding="utf-8")
    return 0 if ahead else 1


def drawn(table: dict[str, dict[float, tuple[float, float, float, float]]]) -> str:
    """The curves as SVG: requests across, median delay up, both by their logarithms."""
    wide, high, left, top, right, bottom = 720, 440, 70, 30, 150, 60
    points = [row[:2] for rows in table.values() for row in rows.values()]
    low_x, high_x = (f(math.log10(x) for x, _ in points) for f in (min, max))
    low_y, high_y = (f(math.log10(y) for _, y in points) for f in (min, max))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - low_x) / (high_x - low_x)
        up = (math.log10(y) - low_y) / (high_y - low_y)
        return left + across * (wide - left - right), high - bottom - up * (high - top - bottom)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" {FONT}>',
        f'<rect width="{wide}" height="{high}" fill="white"/>',
    ]
    for number in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if low_x <= math.log10(number) <= high_x:
            x, _ = place(number, points[0][1])
            parts.append(
                f'<path d="M{x:.0f} {top}V{high - bottom}" stroke="#e4e4e4"/>'
                f'<text x="{x:.0f}" y="{high - bottom + 18}" text-anchor="middle">{number}</text>'
            )
        if low_y <= math.log10(number) <= high_y:
            _, y = place(points[0][0], number)
            parts.append(
                f'<path d="M{left} {y:.0f}H{wide - right}" stroke="#e4e4e4"/>'
                f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{number}</text>'
            )
    colours = {"ours": "#0b6e4f", "fixed": "#888888", "Media Cloud": "#c4572e"}
    for name, rows in table.items():
        line = sorted(row[:2] for row in rows.values())
        path = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in line)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colours[name]}" stroke-width="2.5"/>'
        )
        for x, y in (place(*point) for point in line):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colours[name]}"/>')
        x, y = place(*line[-1])
        parts.append(f'<text x="{x + 9:.0f}" y="{y + 4:.0f}" fill="{colours[name]}">{name}</text>')
        if name in PLAIN:
            x, y = place(*rows[PLAIN[name]][:2])
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="{colours[name]}"/>'
            )
    middle, centre = left + (wide - left - right) / 2, (high - bottom + top) / 2
    parts += [
        f'<text x="{middle:.0f}" y="{high - 18}" text-anchor="middle">{ACROSS}</text>',
        f'<text transform="translate(20 {centre:.0f}) rotate(-90)" {MIDDLE}>{UP}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
