"""Exercises of lesson 2.7, Write your own, and test it first."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Three lamps ----------------------------------------------------------------------


def check_schedule(rates, announced):
    moves = rates[1:] - rates[:-1]
    if announced == "falls":
        start, end = abs(rates[0] - 1) <= 0.03, abs(rates[-1]) <= 0.03
        moves = -moves
    else:
        start, end = rates[0] < 0.97, abs(rates[-1] - 1) <= 0.03
    off = []
    if not start:
        off.append("start")
    if not end:
        off.append("end")
    if moves.min() < 0 or moves.max() == 0:
        off.append("direction")
    return " ".join(off) or "fine"


def _lamp_cases() -> tuple[tuple[np.ndarray, str], ...]:
    """Eight printed formulas, their repairs, and what hides between 0, T/2 and T."""
    T = 60
    t = np.arange(T)
    x = t / T
    line = t / (T - 1)  # up to 1
    half = (1 + np.cos(np.pi * x)) / 2
    quarter = np.cos(np.pi * x / 2)
    dent, bump = np.zeros(T), np.zeros(T)
    dent[[10, 11, 12]], bump[[38, 39]] = 0.4, 0.2
    fall, rise = np.array([1, 0.6, 0.5, 0.2, 0]), np.array([0.3, 0.5, 0.6, 0.9, 1])
    return (
        # Printed, no. 1 to 8.
        (0.9**t, "falls"),
        (0.9**-t, "rises"),
        (x, "falls"),
        (1 - x, "rises"),
        (1 + quarter, "falls"),
        (1 - quarter, "rises"),
        (np.ones(T), "falls"),
        (np.full(T, 0.9), "falls"),
        # Repaired.
        (0.001**x, "falls"),
        (0.001 ** (1 - line), "rises"),
        (1 - t // 10 / 5, "falls"),
        (1 - x, "falls"),
        (half, "falls"),
        (1 - half, "rises"),
        (t // 10 / 5, "rises"),
        # The slack of start and end, to both sides.
        (fall, "falls"),
        *(
            (np.append(first, fall[1:]), "falls")
            for first in (0.9, 0.965, 0.975, 1.025)
        ),
        (np.append(fall[:-1], 0.03), "falls"),
        *((np.append(fall[:-1], last), "falls") for last in (0.1, 0.035, 0.025, -0.2)),
        (rise, "rises"),
        (np.append(0.6, rise[2:]), "rises"),
        (np.array([0.965, 0.98, 1.0]), "rises"),
        (np.array([0.985, 0.99, 1.0]), "rises"),
        (np.array([1.1, 1.2, 1.3]), "rises"),
        *(
            (np.append(rise[:-1], last), "rises")
            for last in (0.965, 0.975, 1.025, 1.035)
        ),
        # One fault each, or one that hides.
        (1 - 0.9 * x, "falls"),
        (0.9 - 0.9 * x, "falls"),
        (1 - np.minimum(2 * x, 1), "falls"),
        (1 - np.sin(np.pi * line), "falls"),
        (1 - x - dent * (1 - x), "falls"),
        (1 - x + bump, "falls"),
        (x - bump, "rises"),
        (np.zeros(T), "rises"),
        (np.array([1.0, 0.3, 0.4, 0.0]), "falls"),
        (np.array([0.5, 0.2, 0.9]), "falls"),
        # A small move the other way: in the middle, at first, at last.
        (np.array([1.0, 0.6, 0.605, 0.2, 0.0]), "falls"),
        (np.array([1.0, 0.6, 0.6005, 0.2, 0.0]), "falls"),
        (np.array([1.0, 0.6, 0.600001, 0.2, 0.0]), "falls"),
        (np.array([0.995, 1.0, 0.6, 0.2, 0.0]), "falls"),
        (np.array([1.0, 0.6, 0.2, 0.0, 0.005]), "falls"),
        (np.array([0.3, 0.6, 0.595, 0.9, 1.0]), "rises"),
    )


def _start(rates: np.ndarray, falls: bool, slack: float = 0.03) -> Any:
    return abs(rates[0] - 1) <= slack if falls else rates[0] < 0.97


def _end(rates: np.ndarray, falls: bool, slack: float = 0.03) -> Any:
    return abs(rates[-1] - (not falls)) <= slack


def _lamps(
    start: Callable[..., Any] = _start,
    end: Callable[..., Any] = _end,
    way: Callable[..., Any] = lambda m: m.min() >= 0 and m.max() > 0,
    tell: Callable[[list[str]], str] = lambda off: " ".join(off) or "fine",
) -> Callable[..., str]:
    """A checker with other lamps; ``way`` sees moves that are meant to be above 0."""

    def answer(rates: np.ndarray, announced: str) -> str:
        falls = announced == "falls"
        lit = {
            "start": start(rates, falls),
            "end": end(rates, falls),
            "direction": way(-np.diff(rates) if falls else np.diff(rates)),
        }
        return tell([lamp for lamp, on in lit.items() if not on])

    return answer


def _slack(slack: float) -> Callable[..., str]:
    return _lamps(
        start=lambda r, falls: _start(r, falls, slack),
        end=lambda r, falls: _end(r, falls, slack),
    )


def _at(moves: np.ndarray, *places: float) -> np.ndarray:
    """The moves between a few places of the run, such as 0, 1/2 and 1."""
    curve = np.append(0, np.cumsum(moves))
    return np.diff([curve[int(place * len(moves))] for place in places])


LAMPS = ("start", "end", "direction")


def _ordered(*order: str) -> Mistake:
    """Lamps that are right, named in another order."""
    return Mistake(
        _lamps(tell=lambda off: " ".join(sorted(off, key=order.index)) or "fine"),
        f"The lamps are right, and you name {', '.join(order)}. They are asked for in "
        "the order `start`, `end`, `direction`.",
    )


CHECK_SCHEDULE = Exercise(
    name="decay/check_schedule",
    text="""\
### Exercise: three lamps

Write `check_schedule(rates, announced)`, which says which of this lesson's three lamps
are off. The peak is 1, the floor 0, the slack 0.03.

- **Arguments:** `rates`, a NumPy array with the rates of the updates
  `t = 0, 1, …, T - 1`, at least three; `announced`, the word `"falls"` or `"rises"`.
- **Returns:** the names of the lamps that are off, in one string, in the order
  `start`, `end`, `direction`, with a space between two: `"start"`,
  `"end direction"`, … If none is off, `"fine"`.
- **Boundaries:** `start` is on if the first rate is at most 0.03 away from 1, for
  `"falls"`; if it is less than 0.97, for `"rises"`. `end` is on if the last rate is at
  most 0.03 away from 0 for `"falls"`, from 1 for `"rises"`. `direction` is on, for
  `"falls"`, if no rate is above the one before it, not even a little, and at least one
  is below; for `"rises"` the reverse. Level stretches are allowed.
- **Units and time:** rates in units of the peak; `t` counts updates from 0.

It is tried on the eight printed formulas and on their repairs, among others.""",
    starter="def check_schedule(rates, announced):\n    return ...",
    hints=(
        'Write `start` and `end` down for `"falls"` first. What is another for '
        '`"rises"`? Away from 1 has two sides, `abs` sees both.',
        "`np.diff(rates)` gives the change from each update to the next. Which signs "
        "may it have if the rate falls? And what if they are all 0?",
        "Collect the names in a list, then join them: `' '.join(names)` is an empty "
        "string if there are none.",
    ),
    solution=check_schedule,
    cases=_lamp_cases(),
    mistakes=(
        Mistake(
            _lamps(way=lambda m: True),
            "Your `direction` never goes off. A rate may start and end right and rise "
            "in the middle.",
        ),
        Mistake(
            _lamps(way=lambda m: m.sum() > 0),
            "You compare the last rate with the first. What happens between them "
            "escapes you: look at every update.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() >= 0),
            "A rate that never changes passes your `direction`: the printed “reset” "
            "falls for you. At least one update has to go the announced way.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() > 0),
            "You refuse stairs. A level stretch is allowed, as long as no update goes "
            "the other way.",
        ),
        Mistake(
            _lamps(way=lambda m: m.max() > 0),
            "One update in the announced direction is enough for you. No other may go "
            "against it.",
        ),
        Mistake(
            _lamps(way=lambda m: _at(m, 0, 0.5, 1).min() > 0),
            "You look at three places, the first update, the middle one and the last. "
            "A bump between them escapes you.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() >= -0.01 and m.max() > 0),
            "A move of 0.005 the other way passes your `direction`. It has no slack: a "
            "rate that falls never goes up.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() >= -0.001 and m.max() > 0),
            "A move of 0.0005 the other way passes your `direction`. It has no slack: "
            "a rate that falls never goes up.",
        ),
        Mistake(
            _lamps(way=lambda m: m[1:].min() >= 0 and m.max() > 0),
            "Your `direction` leaves out the move from the first update to the second.",
        ),
        Mistake(
            _lamps(way=lambda m: m[:-1].min() >= 0 and m.max() > 0),
            "Your `direction` leaves out the move to the last update.",
        ),
        Mistake(
            lambda rates, announced: check_schedule(rates, "falls"),
            "You take every schedule for one that should fall: `announced` takes no "
            "part, and “inverse step” passes or fails for the wrong reason.",
        ),
        Mistake(
            lambda rates, announced: check_schedule(
                rates, "rises" if announced == "falls" else "falls"
            ),
            "You have `falls` and `rises` the wrong way round: a schedule that falls "
            "starts at the peak, 1.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: _start(r, True),
                end=lambda r, falls: _end(r, True),
            ),
            "Your `start` and `end` are those of a fall, also where a rise is "
            "announced. That begins below the peak and ends at it.",
        ),
        Mistake(
            _lamps(
                way=lambda m: (
                    (m.min() >= 0 and m.max() > 0) or (m.max() <= 0 and m.min() < 0)
                )
            ),
            "Your `direction` asks that the rate goes one way, whichever. It has to be "
            "the announced one: the printed “step” rises.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: r[0] >= 0.97 if falls else r[0] < 0.97,
            ),
            "Your `start` has no upper side: the printed “cosine” begins at twice the "
            "peak and passes.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: abs(r[0] - falls) <= 0.03),
            "You ask a rise to begin at 0, give or take the slack. To begin below the "
            "peak is enough; at 0 the first update would do nothing.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: _start(r, True) if falls else r[0] == 0),
            "You ask a rise to begin at 0 exactly. To begin below the peak is enough; "
            "at 0 the first update would do nothing.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: _start(r, True) if falls else r[0] <= 0.5),
            "You ask a rise to begin in the lower half. Anything less than 0.97 is "
            "below the peak.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: _start(r, True) if falls else r[0] < 1),
            "A rise that begins at 0.985 passes your `start`. That is the peak, within "
            "the slack: a rise has to begin below 0.97.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: (
                    _start(r, True) if falls else abs(r[0] - 1) > 0.03
                )
            ),
            "A rise that begins above the peak passes your `start`. It has to begin "
            "below it.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: not falls or _start(r, True)),
            "You ask nothing of the start of a rise. It has to be below the peak, less "
            "than 0.97.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: (
                    abs(r.max() - 1) <= 0.03 if falls else r.min() < 0.97
                )
            ),
            "You look for the peak or the floor anywhere in the run. `start` asks for "
            "the first rate: the printed “step” reaches its peak too, at the end.",
        ),
        Mistake(
            _lamps(
                end=lambda r, falls: (
                    abs(r.min()) <= 0.03 if falls else abs(r.max() - 1) <= 0.03
                )
            ),
            "You look for the floor or the peak anywhere in the run. `end` asks for "
            "the last rate.",
        ),
        Mistake(
            _lamps(end=lambda r, falls: abs(r[-2] - (not falls)) <= 0.03),
            "Your `end` is one update early. Take the last entry of the array.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: r[0] == 1 if falls else r[0] < 1,
                end=lambda r, falls: r[-1] == (not falls),
            ),
            "You ask for the peak and the floor exactly. An exponential never reaches "
            "0: 0.03 of slack is allowed.",
        ),
        Mistake(
            _slack(0.01),
            "Your slack is too small: a fall that starts at 0.975 doesn't pass. It is "
            "0.03.",
        ),
        Mistake(
            _slack(0.02),
            "Your slack is too small: a fall that ends at 0.025 doesn't pass. It is "
            "0.03.",
        ),
        Mistake(
            _slack(0.05),
            "Your slack is too large: a fall that starts at 0.965 passes. It is 0.03.",
        ),
        Mistake(
            _slack(0.1),
            "Your slack is too large: a fall that starts at 0.9 passes. It is 0.03.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: abs(r[0] - 1) < 0.03 if falls else r[0] < 0.97,
                end=lambda r, falls: abs(r[-1] - (not falls)) < 0.03,
            ),
            "A fall that ends at 0.03 doesn't pass your `end`. *At most* 0.03 away: "
            "take `<=`.",
        ),
        Mistake(
            _lamps(
                end=lambda r, falls: r[-1] <= 0.03 if falls else abs(r[-1] - 1) <= 0.03
            ),
            "A fall that ends far below 0 passes your `end`.",
        ),
        Mistake(
            _lamps(end=lambda r, falls: abs(r[-1]) <= 0.03 if falls else r[-1] >= 0.97),
            "Your `end` lets a rise end far above its peak, as the printed “inverse "
            "exponential” does.",
        ),
        Mistake(
            _lamps(end=lambda r, falls: r[-1] <= 0.03 if falls else r[-1] >= 0.97),
            "Your `end` has one side. A fall that ends far below 0 passes, and a rise "
            "that ends far above its peak, as the printed “inverse exponential” does.",
        ),
        Mistake(
            _lamps(tell=lambda off: off[0] if off else "fine"),
            "You name the first lamp that is off, and leave out the others.",
        ),
        Mistake(
            _lamps(tell=lambda off: " ".join(n for n in LAMPS if n not in off)),
            "You name the lamps that are on. The ones that are off are asked for.",
        ),
        Mistake(
            _lamps(tell=lambda off: " ".join(off)),
            "If no lamp is off you return an empty string; the word for it is `fine`.",
        ),
        Mistake(
            _lamps(tell=lambda off: ", ".join(off) or "fine"),
            "The lamps are right. Between two names there is to be a space and no "
            "comma.",
        ),
        _ordered("direction", "end", "start"),
        _ordered("direction", "start", "end"),
        _ordered("start", "direction", "end"),
        _ordered("end", "start", "direction"),
    ),
)


# A factor for LambdaLR ------------------------------------------------------------


def linear_factor(t, T):
    return 1 - 0.9 * min(t / T, 1)


LINEAR_FACTOR = Exercise(
    name="decay/linear_factor",
    text="""\
### Exercise: a function for LambdaLR

The optimizer was built with `lr=0.01`. Its rate is to fall along a straight line to
10% of that, in `T` updates, and to stay there. Write `linear_factor(t, T)` for
`LambdaLR(optimizer, lambda t: linear_factor(t, T))`.

- **Arguments:** `t`, one whole number, 0 or larger, no array; `T`, a whole number of at
  least 1.
- **Returns:** what `LambdaLR` needs, one number.
- **Boundaries:** the rate is 0.01 at `t = 0`, 0.001 at `t = T`, and 0.001 at every
  later `t`.
- **Units and time:** `t` counts calls of `scheduler.step()` from 0, as `T` does.

The number counts as right within a relative 1e-6.""",
    starter="def linear_factor(t, T):\n    return ...",
    hints=(
        "`LambdaLR` multiplies what you return by 0.01. What has to come back at "
        "`t = 0`, so that the rate is 0.01 there?",
        "A straight line: how far has it come down at `t = T/2`, halfway? And how far "
        "in all?",
        "For the part of the way, `t / T` is right up to `T`. After that it must not "
        "grow any more; `min` can see to it.",
    ),
    solution=linear_factor,
    cases=(
        # First where wrong lines are far apart.
        *((t, 100) for t in (100, 0, 50, 1, 25, 75, 90, 95, 99, 101, 111, 112, 1000)),
        *((t, 7) for t in (0, 1, 3, 6, 7, 8, 20)),
        (0, 1),
        (1, 1),
        (2, 1),
    ),
    mistakes=(
        Mistake(
            lambda t, T: 0.01 * (1 - 0.9 * min(t / T, 1)),
            "You return the rate. `LambdaLR` multiplies it by 0.01 once more, and the "
            "training starts at 0.0001.",
        ),
        Mistake(
            lambda t, T: 0.01 * (1 - 0.9 * t / T),
            "You return the rate, and it doesn't stay: after `T` it goes on falling. "
            "`LambdaLR` wants what multiplies the first rate.",
        ),
        Mistake(
            lambda t, T: 0.01 * (1 - min(t / T, 1)),
            "You return a rate, and a rate that ends at 0. `LambdaLR` wants what "
            "multiplies the first rate, and the line ends at 10% of that.",
        ),
        Mistake(
            lambda t, T: 0.01 * (1 - t / T),
            "You return a rate, it is 0 at `T` and negative after it. `LambdaLR` wants "
            "what multiplies the first rate; the line ends at 10%, and stays.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T,
            "After `T` your line goes on falling, and soon the rate is negative. It "
            "has to stay.",
        ),
        Mistake(
            lambda t, T: max(1 - 0.9 * t / T, 0),
            "After `T` your line goes on falling, down to 0. It has to stay at 10%.",
        ),
        Mistake(
            lambda t, T: 1 - min(t / T, 1),
            "Your line ends at 0. It is to end at 10% of the first rate.",
        ),
        Mistake(
            lambda t, T: 1 - t / T,
            "Your line ends at 0 and is negative after `T`. It is to end at 10% and "
            "to stay there.",
        ),
        Mistake(
            lambda t, T: max(1 - t / T, 0.1),
            "Your line aims at 0 and is stopped at 10 %: it gets there too early, at "
            "0.9 `T`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.1 * min(t / T, 1),
            "You fall *by* 10%, to 90%. It is to fall *to* 10%.",
        ),
        Mistake(
            lambda t, T: 1 - 0.99 * min(t / T, 1),
            "You fall to 1%. It is to fall to 10%.",
        ),
        Mistake(
            lambda t, T: 1 - 0.999 * min(t / T, 1),
            "Your factor falls to 0.001. That is the rate at `T`, not what multiplies "
            "0.01.",
        ),
        Mistake(
            lambda t, T: 0.1 + 0.9 * min(t / T, 1),
            "Your line rises, from 10% to 1.",
        ),
        Mistake(
            lambda t, T: 0.1 ** min(t / T, 1),
            "Start and end are right, but between them yours is an exponential. A "
            "straight line is at 0.55 halfway.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min((t + 1) / T, 1),
            "You are one update early: at `t = 0` the rate has to be 0.01 still.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(t / max(T - 1, 1), 1),
            "Your line ends one update early, at `T - 1`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(t / (T + 1), 1),
            "Your line ends one update late, at `T + 1`. The rate is 0.001 at `t = T`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(max(t - 1, 0) / T, 1),
            "You are one update late: `t` counts from 0, and the rate falls at "
            "`t = 1` already.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(t // T, 1),
            "`//` leaves only whole numbers: your rate stays at its first value and "
            "drops at `T`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t <= T else 1.0,
            "After `T` your rate is back at its first value. It has to stay at 10%.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t <= T else 0.0,
            "After `T` your rate is 0, so that nothing is learned. It has to stay at "
            "10%.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t <= T else 0.001,
            "After `T` you return the rate, 0.001. Return what multiplies 0.01, there "
            "too.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t < T else 0.001,
            "At `T` and after it you return the rate, 0.001. Return what multiplies "
            "0.01, there too.",
        ),
        Mistake(
            lambda t, T: 0.01 - 0.009 * min(t / T, 1) if t else 1.0,
            "You return 1 at first and the rate from then on. Return what multiplies "
            "0.01, at every `t`.",
        ),
        Mistake(
            lambda t, T: linear_factor(t, T) / linear_factor(t - 1, T) if t else 1.0,
            "That is what multiplies the rate *before*: right for `MultiplicativeLR`. "
            "`LambdaLR` multiplies the first rate each time.",
        ),
        Mistake(
            lambda t, T: 1 / (1 - 0.9 * min(t / T, 1)),
            "You divide where you should multiply: yours grows to 10.",
        ),
    ),
)


# The current rate, multiplied -----------------------------------------------------


def multiplicative_rates(lr, factors):
    acting = factors.copy()
    acting[0] = 1
    return lr * acting.cumprod()


@np.errstate(divide="ignore")  # a factor of 0 is among the cases
def _divided(lr: float, factors: np.ndarray) -> np.ndarray:
    rates: np.ndarray = lr / np.cumprod(np.append(1, factors[1:]))
    return rates


MULTIPLICATIVE_RATES = Exercise(
    name="decay/multiplicative_rates",
    text="""\
### Exercise: the list of MultiplicativeLR

Which rates does torch train with? The optimizer was built with `lr`, the scheduler is
`MultiplicativeLR(optimizer, lambda t: factors[t])`, and `scheduler.step()` follows
each update. Write `multiplicative_rates(lr, factors)`.

- **Arguments:** `lr`, the rate that the optimizer is built with, a number above 0;
  `factors`, a NumPy array of at least one number, each 0 or larger: what the function
  returns at `t = 0, 1, 2, …`
- **Returns:** a NumPy array with the rates of the updates `t = 0, 1, 2, …`, as many as
  `factors` has entries.
- **Boundaries:** torch does not call the function at `t = 0`: the first update is made
  with `lr`, whatever `factors[0]` is. `factors[1]` acts at `t = 1`.
- **Units and time:** `t` counts calls of `scheduler.step()` from 0; the rates are in
  the unit of `lr`.

Numbers count as right within a relative 1e-6.""",
    starter="def multiplicative_rates(lr, factors):\n    return ...",
    hints=(
        "What does each factor multiply here: the first rate, or the rate of the "
        "update before?",
        "Take `lr = 0.1` and the factors 1, 0.5, 0.5, 0.25, and write the four rates "
        "down by hand, each from the one before.",
        "A loop does it, from `t = 1` on. So does `np.cumprod`, if you see to it that "
        "`factors[0]` takes no part.",
    ),
    solution=multiplicative_rates,
    cases=(
        (0.1, np.array([1, 0.5, 0.5, 0.25])),
        (0.2, np.array([0.5, 0.5, 0.5])),
        (1.0, np.array([0.9, 0.8, 0.7, 0.6, 0.5])),
        (0.01, np.array([3.0, 2.0, 1.0, 0.1])),
        (0.3, np.array([0.7])),
        (0.5, np.array([0.0, 0.5, 0.25])),
        (0.1, np.array([1.0, 0.5, 0.0, 2.0])),
        (2.0, np.full(30, 0.95)),
    ),
    mistakes=(
        Mistake(
            lambda lr, factors: lr * factors,
            "That is the list of `LambdaLR`, whose factors multiply the first rate "
            "each time. Here each one multiplies the rate before.",
        ),
        Mistake(
            lambda lr, factors: lr * np.append(1, factors[1:]),
            "`factors[0]` is left out, as it should be. But the others multiply the "
            "first rate each time, as in `LambdaLR`.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(factors),
            "Your `factors[0]` acts. Torch doesn't call the function at `t = 0`: the "
            "first update is made with `lr`.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(np.append(1, factors[:-1])),
            "Your factors act one update late: at `t = 1` it is `factors[1]` that "
            "multiplies, and `factors[0]` never does.",
        ),
        Mistake(
            lambda lr, factors: np.cumprod(np.append(1, factors[1:])),
            "That is the product of the factors. `lr` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda lr, factors: np.cumprod(factors),
            "`lr` takes no part, and `factors[0]` does. It should be the other way "
            "round.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(np.append(1, factors)),
            "You have one rate too many: `lr` and then all factors. `factors[0]` takes "
            "no part.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(factors[1:]),
            "You have one rate too few: the first update, made with `lr` itself, is "
            "missing.",
        ),
        Mistake(
            lambda lr, factors: np.cumprod(lr * np.append(1, factors[1:])),
            "You multiply by `lr` at every update. It is the first rate, and comes in "
            "once.",
        ),
        Mistake(
            lambda lr, factors: lr * factors ** np.arange(len(factors)),
            "You take each factor to the power `t`. That is right only if all of them "
            "are the same.",
        ),
        Mistake(
            lambda lr, factors: lr * np.append(1, factors[1:] * factors[:-1]),
            "You multiply two neighbours. All the factors up to `t` are still in the "
            "rate.",
        ),
        Mistake(
            lambda lr, factors: lr * np.append(1, np.cumprod(factors[1:])[::-1]),
            "You go through the factors from the end.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumsum(factors),
            "You add the factors up. They multiply.",
        ),
        Mistake(
            lambda lr, factors: lr * np.prod(factors[1:]),
            "That is the last rate alone. The rates of all updates are asked for.",
        ),
        Mistake(
            _divided,
            "You divide by the factors.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    CHECK_SCHEDULE,
    LINEAR_FACTOR,
    MULTIPLICATIVE_RATES,
)
