"""Exercises of the lesson layers-not-time: the factor of LARS, and whose log it is."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The factor of one tensor -----------------------------------------------------------


def lars_rate(w, g, trust, weight_decay):
    import numpy as np

    length = np.linalg.norm(w)
    divisor = np.linalg.norm(g) + weight_decay * length
    if length == 0 or divisor == 0:
        return 1.0
    return trust * length / divisor


def _length(x: Any) -> float:
    return float(np.sqrt(np.sum(np.square(x))))


def _with(
    factor: Callable[..., Any],
    length: Callable[[Any], Any] = _length,
    at_zero: float = 1.0,
) -> Callable[..., Any]:
    """``factor(w, g, trust, decay)`` of the lengths, and ``at_zero`` where unknown."""

    def rate(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
        if not w.any() or not (g.any() or weight_decay):
            return at_zero
        return factor(length(w), length(g), trust, weight_decay)

    return rate


def _paper(w: Any, g: Any, trust: float, decay: float) -> Any:
    return trust * w / (g + decay * w)


def _unguarded(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    with np.errstate(all="ignore"):
        return _paper(np.linalg.norm(w), np.linalg.norm(g), trust, weight_decay)


def _together(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    length, divisor = _length(w), _length(g + weight_decay * w)
    return trust * length / divisor if length and divisor else 1.0


def _per_element(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    with np.errstate(all="ignore"):
        ratio = trust * abs(w) / (abs(g) + weight_decay * abs(w))
    return np.where(np.isfinite(ratio) & (w != 0), ratio, 1.0)


def _gradient_zero_gives_one(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    if not w.any() or not g.any():
        return 1.0
    return _paper(_length(w), _length(g), trust, weight_decay)


def _only_weights_guarded(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    return _unguarded(w, g, trust, weight_decay) if w.any() else 1.0


def _only_divisor_guarded(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    divisor = _length(g) + weight_decay * _length(w)
    return trust * _length(w) / divisor if divisor else 1.0


def _small_number(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    return trust * _length(w) / (_length(g) + weight_decay * _length(w) + 1e-8)


def _small_number_alone(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    divisor = _length(g) + weight_decay * _length(w) + 1e-12
    return trust * _length(w) / divisor if w.any() else 1.0


def _any_zero_gives_one(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    return lars_rate(w, g, trust, weight_decay) if w.all() else 1.0


def _only_matrices(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    return lars_rate(w, g, trust, weight_decay) if w.ndim > 1 else 1.0


def _scaled_gradient(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    return lars_rate(w, g, trust, weight_decay) * g


LARS_RATE = Exercise(
    name="warmup/lars_rate",
    text="""\
### Exercise: the factor of one tensor

Write `lars_rate(w, g, trust, weight_decay)`: the factor by which LARS multiplies the
gradient of one tensor, with the decay *apart*, as in the paper.

- **Arguments:** `w`, the tensor, and `g`, its gradient: NumPy arrays of one shape, of
  one or two dimensions; `trust`, a number above 0; `weight_decay`, a number from 0.
- **Returns:** one number for the whole tensor. The arrays stay as they were.
- **Boundaries:** by convention the factor is 1 if `w` has the length 0 (the formula's 0
  would hold it there for ever), and if what is divided by is 0.
- **Units and time:** the learning rate is not in it, and neither is `t`. A length is
  the root of the sum of all squares.

Numbers count as right within a relative 1e-6.""",
    starter="def lars_rate(w, g, trust, weight_decay):\n    return ...",
    hints=(
        "Two lengths are all that is needed of the two arrays. `np.linalg.norm` gives "
        "one number for an array of one or two dimensions.",
        "A long gradient must make the factor small, a long tensor must make it large. "
        "The decay has a length of its own, that of `weight_decay * w`.",
        "Try `w` all zeros by hand, then `g` all zeros with and without a decay. In "
        "which of the three is there nothing to divide by?",
    ),
    solution=lars_rate,
    cases=(
        (np.array([3.0, 4.0]), np.array([0.6, 0.8]), 0.01, 0.0),
        (np.array([[1.0, -2.0], [2.0, 4.0]]), np.array([[0.5, 1.0], [-3, 2]]), 0.1, 0),
        (np.array([2.0, -1.0, 0.5]), np.array([-0.3, 0.2, 0.7]), 0.02, 0.5),
        (np.array([[1.0, 2.0, 3.0], [0.5, -1.5, 2.5]]), np.ones((2, 3)), 0.001, 0.1),
        (np.array([0.0, 0.0]), np.array([2.0, 1.0]), 0.001, 0.0),
        (np.array([1.0, 5.0]), np.array([0.0, 0.0]), 0.001, 0.25),
        (np.array([1.0, 5.0]), np.array([0.0, 0.0]), 0.001, 0.0),
        (np.array([-4.0]), np.array([0.5]), 0.3, 2.0),
        (np.array([0.0, 0.0, 0.0]), np.array([1.0, -1.0, 3.0]), 0.05, 0.1),
        (np.array([3.0, 4.0]), np.array([0.001, 0.001]), 0.01, 0.0),
        (np.array([2.0, -2.0, 0.0]), np.array([1.0, 0.0, -2.0]), 0.05, 0.5),
    ),
    mistakes=(
        Mistake(
            _with(lambda w, g, trust, decay: trust * (g + decay * w) / w),
            "Your ratio is upside down: a layer with a long gradient gets an even "
            "longer step.",
        ),
        Mistake(
            _with(_paper, length=lambda x: _length(x) ** 2),
            "You leave the roots out: those are squared lengths.",
        ),
        Mistake(
            _per_element,
            "You divide number by number. LARS has one factor for the whole tensor, so "
            "that the gradient keeps its direction.",
        ),
        Mistake(
            _unguarded,
            "You forgot the 1: a tensor of zeros gets the formula's factor 0 in yours, "
            "and never moves.",
        ),
        Mistake(
            _with(_paper, at_zero=0.0),
            "At the boundaries your factor is 0. Then a bias that starts at 0 stays "
            "there.",
        ),
        Mistake(
            lambda w, g, trust, decay: _with(_paper, at_zero=trust)(w, g, trust, decay),
            "At the boundaries you return `trust`; look at what they ask for.",
        ),
        Mistake(
            _only_weights_guarded,
            "You look after a tensor of length 0, but a divisor of 0 still divides.",
        ),
        Mistake(
            _only_divisor_guarded,
            "You look after a divisor of 0, but a tensor of zeros still gets the "
            "factor 0, and never moves.",
        ),
        Mistake(
            _gradient_zero_gives_one,
            "With a gradient of 0 you always return 1. With a decay the divisor isn't "
            "0 there, and the formula holds.",
        ),
        Mistake(
            _small_number,
            "A small number in the divisor avoids 0/0, but gives a tensor of zeros the "
            "factor 0 and not 1.",
        ),
        Mistake(
            _small_number_alone,
            "A small number in the divisor makes the factor huge where the gradient is "
            "0 and no decay is added.",
        ),
        Mistake(
            _any_zero_gives_one,
            "One entry of 0, or entries that cancel, don't make the length 0.",
        ),
        Mistake(
            _only_matrices,
            "You leave 1-D tensors to plain SGD, as some implementations do. Here they "
            "get the factor, too.",
        ),
        Mistake(
            lambda w, g, trust, decay: max(1.0, lars_rate(w, g, trust, decay)),
            "Your factor is never below 1.",
        ),
        Mistake(
            lambda w, g, trust, decay: min(1.0, lars_rate(w, g, trust, decay)),
            "You cap the factor at 1. A long tensor with a short gradient gets more.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust * g / w),
            "You divide the gradient's length by the tensor's, with no decay.",
        ),
        Mistake(
            _with(
                lambda w, g, trust, decay: trust * g / (w + decay * g) if g else np.inf
            ),
            "You have swapped the two arrays.",
        ),
        Mistake(
            _together,
            "You add the decay to the gradient and take the length of the sum: that is "
            "the form *together*, of optax. Apart, each has a length of its own.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust * w / np.hypot(g, decay * w)),
            "You add the two lengths as the sides of a right angle. They are added as "
            "numbers.",
        ),
        Mistake(
            lambda w, g, trust, decay: _with(_paper)(w, g, trust, 0.0),
            "`weight_decay` takes no part in yours. It makes the divisor larger.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust * w / (g + decay)),
            "You add `weight_decay` itself. What is added is the length of the decay's "
            "part of the step, which depends on `w`.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust * w / (g + decay * w**2)),
            "You square the length of `w` beside the decay.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust * w / (g + decay * g)),
            "Your decay multiplies the gradient's length. It shrinks weights: it "
            "belongs to theirs.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust * w / (g - decay * w)),
            "You subtract the decay's length in the divisor.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust * w / g + decay * w if g else 1.0),
            "The decay stands outside of your division: brackets are missing.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: w / (g + decay * w)),
            "`trust` takes no part: your layers would move by their whole length.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: w / (trust * (g + decay * w))),
            "You divide by `trust`.",
        ),
        Mistake(
            _with(lambda w, g, trust, decay: trust / (g + decay * w)),
            "The length of `w` is missing above: yours sets the length of a step, not "
            "its share of the tensor's length.",
        ),
        Mistake(
            _with(_paper, length=lambda x: np.abs(x).sum()),
            "You add up absolute values. A length is the root of the sum of squares.",
        ),
        Mistake(
            _with(_paper, length=lambda x: np.abs(x).max()),
            "You take the largest entry for the length.",
        ),
        Mistake(
            _with(_paper, length=lambda x: np.linalg.norm(x, 2)),
            "For a matrix you take its largest singular value (`norm(…, 2)`). LARS "
            "takes the root of the sum of all squares.",
        ),
        Mistake(
            _with(_paper, length=lambda x: abs(np.mean(x))),
            "You compare means. Entries of opposite sign cancel in them.",
        ),
        Mistake(
            _scaled_gradient,
            "You return the scaled gradient; the factor alone is asked for.",
        ),
    ),
)

# Whose log is it? -------------------------------------------------------------------


def which_log(lengths, moves):
    share = moves / lengths
    if (share.max(axis=1) > 1.01 * share.min(axis=1)).any():
        return "neither"
    return "LARS with warmup" if share.max() > 1.01 * share[0].max() else "LARS"


def _judge(uneven: bool, rises: bool) -> str:
    return "neither" if uneven else "LARS with warmup" if rises else "LARS"


def _differs(values: Any) -> bool:
    return bool(values.max() > 1.01 * values.min())


def _uneven(share: Any) -> bool:
    return any(_differs(row) for row in share)


def _rises(share: Any) -> bool:
    return bool(share.max() > 1.01 * share[0].max())


def _by_moves(lengths: Any, moves: Any) -> str:
    return _judge(_uneven(moves), _rises(moves))


def _rise_of_moves(lengths: Any, moves: Any) -> str:
    return _judge(_uneven(moves / lengths), _rises(moves))


def _time_only(lengths: Any, moves: Any) -> str:
    share = (moves / lengths).mean(axis=1)
    return _judge(False, _rises(share))


def _time_decides(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return "neither" if _differs(share[:, 0]) else "LARS"


def _row_only(row: int) -> Callable[[Any, Any], str]:
    def answer(lengths: Any, moves: Any) -> str:
        share = moves / lengths
        return _judge(_differs(share[row]), _rises(share))

    return answer


def _layers_only(lengths: Any, moves: Any) -> str:
    return _judge(_uneven(moves / lengths), False)


def _last_against_first(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share), bool(share[-1].max() > 1.01 * share[0].max()))


def _exactly(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(bool((share != share[:, :1]).any()), bool(share.max() > share[0, 0]))


def _exact_rows(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(bool((share != share[:, :1]).any()), _rises(share))


def _any_rise(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share), bool(share.max() > share[0].max()))


def _mean_over_time(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_differs(share.mean(axis=0)), _rises(share))


def _whole_table(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return "neither" if _differs(share) else "LARS"


def _first_lengths(lengths: Any, moves: Any) -> str:
    share = moves / lengths[0]
    return _judge(_uneven(share), _rises(share))


def _any_change(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share), _differs(share))


def _fall_is_neither(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    falls = _differs(share) and not _rises(share)
    return _judge(_uneven(share) or falls, _rises(share))


def _second_against_first(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share), _rises(share[:2]))


def _two_columns(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share[:, :2]), _rises(share))


def _neighbours(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share[:, [0, -1]]), _rises(share))


def _mean_against_first(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share), bool(share.mean() > 1.01 * share[0].mean()))


def _outer_rows(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share[[0, -1]]), _rises(share))


def _row_against_row(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share), bool((share[1:] > 1.01 * share[:-1]).any()))


def _tolerates(along: float, rise: float) -> Callable[[Any, Any], str]:
    """A row is equal up to a difference of ``along``; a warmup rises by ``rise``."""

    def answer(lengths: Any, moves: Any) -> str:
        share = moves / lengths
        uneven = bool((share.max(axis=1) > (1 + along) * share.min(axis=1)).any())
        return _judge(uneven, bool(share.max() > (1 + rise) * share[0].max()))

    return answer


def _never_falls(tolerance: float) -> Callable[[Any, Any], str]:
    def answer(lengths: Any, moves: Any) -> str:
        share = moves / lengths
        climbs = bool((share[1:] >= (1 - tolerance) * share[:-1]).all())
        return _judge(_uneven(share), climbs and _rises(share))

    return answer


def _absolute(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    uneven = bool((np.ptp(share, axis=1) >= 0.01).any())
    return _judge(uneven, bool(share.max() - share[0].max() >= 0.01))


def _upside_down(lengths: Any, moves: Any) -> str:
    return _judge(_uneven(lengths / moves), _rises(lengths / moves))


def _all_rows(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(all(_differs(row) for row in share), _rises(share))


def _other_axis(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share.T), _rises(share))


def _both_axes_swapped(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    return _judge(_uneven(share.T), _rises(share.T))


def _small_logs() -> list[tuple[Any, Any]]:
    """Logs short enough to work out by hand, of matrices that keep their lengths."""
    shares = (
        [[0.01, 0.01], [0.01, 0.01], [0.01, 0.01]],
        [[0.03, 0.03], [0.02, 0.02], [0.01, 0.01]],
        [[0.01, 0.01], [0.02, 0.02], [0.03, 0.03]],
        [[0.01, 0.01], [0.01, 0.01], [0.05, 0.05]],
        [[0.01, 0.01], [0.01, 0.05], [0.01, 0.01]],
        [[0.02, 0.02], [0.01, 0.01], [0.05, 0.05]],
        [[0.01, 0.01], [0.02, 0.05], [0.02, 0.02]],
        [[0.01, 0.01], [0.03, 0.03], [0.001, 0.001], [0.001, 0.001], [0.001, 0.001]],
        [[0.01, 0.01]],
        [[0.01, 0.03]],
        [[0.001, 0.001], [0.002, 0.002]],
        [[0.01, 0.01, 0.05], [0.01, 0.01, 0.05]],
        [[0.02, 0.05, 0.02, 0.02], [0.02, 0.05, 0.02, 0.02]],
        [[0.02, 0.02, 0.02, 0.02], [0.01, 0.01, 0.01, 0.01]],
        [[0.03, 0.03], [0.01, 0.01], [0.02, 0.02]],
        [[0.01, 0.0106], [0.01, 0.01]],
        [[0.01, 0.01], [0.0106, 0.0106]],
        [[0.01, 0.01], [0.01008, 0.01008]],
    )
    lengths = np.array([10.0, 2.0, 4.0, 5.0])
    logs = []
    for rows in shares:
        share = np.array(rows)
        length = np.ones_like(share) * lengths[: share.shape[1]]
        logs.append((length, length * share))
    return logs


def _logs() -> tuple[tuple[Any, Any], ...]:
    """Short logs, then some of 6 updates and 3 layers; most errors far below 1%."""
    start = np.array([6.5, 4.0, 1.8])
    grown = start * (1 + np.arange(6)[:, None] * np.array([0.02, 0.05, 0.11]))
    alike = start * (1 + 0.03 * np.arange(6)[:, None])
    still = np.ones((6, 1)) * start
    error = 1 + 1e-3 * np.sin(np.arange(18.0)).reshape(6, 3)
    even, uneven = np.array([1.0, 1.0, 1.0]), np.array([0.8, 1.3, 4.2])
    level = 0.01 * np.ones((6, 1))
    ramp = 0.01 * np.minimum((np.arange(6)[:, None] + 1) / 4, 1)
    hill = 0.01 * np.array([[0.25], [0.5], [1.0], [0.5], [0.3], [0.2]])
    from_first = level * (1 + np.arange(6)[:, None] * np.array([0, 0.3, 0.6]))
    to_last = from_first[::-1]
    stairs = 0.01 * np.array([[0.25], [0.25], [0.75], [0.75], [1.0], [1.0]])
    swing = 0.4 * np.array([[1], [-1], [1], [-1], [1], [-1]])
    cancel = stairs * (1 + swing * np.array([1, -1, 0]))
    shares = [level * even, ramp * even, hill * even, level * uneven, ramp * uneven]
    logs = _small_logs() + [(grown, grown * share * error) for share in shares]
    logs += [(grown, grown * share * error) for share in (from_first, to_last, cancel)]
    logs += [(grown, 0.02 * np.ones((6, 3)) * error)]  # moves alike, shares not
    logs += [(alike, alike * level * error), (still, still * ramp * error)]
    logs += [(alike[::-1], alike[::-1] * level * error)]
    exact = np.ones((6, 1)) * np.array([8.0, 4.0, 2.0])
    logs += [(exact, exact / 64)]
    return tuple(logs)


WHICH_LOG = Exercise(
    name="warmup/which_log",
    text="""\
### Exercise: whose log is it?

A run has logged, for every update, the length of each weight matrix and by how much the
update moved it. Write `which_log(lengths, moves)`, which says what trained there.

- **Arguments:** `lengths`, the `|w|` before each update, and `moves`, the `|Δw|`:
  NumPy arrays of numbers above 0, both of shape `[T, L]`, T updates of L ≥ 2 matrices.
- **Returns:** a word:
  - `"neither"`, if some update moves the matrices by unequal shares of their lengths;
  - else `"LARS with warmup"`, if a later share is larger than the first;
  - else `"LARS"`, also where the rate falls.
- **Boundaries:** shares count as equal if they differ by less than 1% of the share; no
  other difference is below 5%. T may be 1. After a warmup the share may hold or fall.
- **Units and time:** row 0 is update 0. No momentum and no weight decay were used.""",
    starter="def which_log(lengths, moves):\n    return ...",
    hints=(
        "Neither array says it alone. Which quotient of the two does LARS keep equal?",
        "There are two questions: does that quotient differ along a row, and does it "
        "change from row to row? Which axis answers which?",
        "Compare the largest with the smallest of a row, for every row. For the "
        "warmup, compare the largest of all with the first row.",
    ),
    solution=which_log,
    cases=_logs(),
    mistakes=(
        Mistake(
            _by_moves,
            "You compare moves. LARS makes them equal as shares of the lengths.",
        ),
        Mistake(
            _rise_of_moves,
            "Your warmup is a rise of the moves. They also rise where only the weights "
            "grow.",
        ),
        Mistake(
            _time_only,
            "You follow the shares through time, and never ask whether the layers "
            "agree. SGD passes for LARS.",
        ),
        Mistake(
            _time_decides,
            "You ask whether a layer's share stays the same over time. LARS makes it "
            "equal across layers; look at the other axis.",
        ),
        Mistake(
            _row_only(0),
            "You compare the layers at update 0 only. They may part later.",
        ),
        Mistake(
            _row_only(-1),
            "You compare the layers at the last update only.",
        ),
        Mistake(
            _layers_only,
            "You never find a warmup. Is a later share larger than that of row 0?",
        ),
        Mistake(
            _row_against_row,
            "You compare each update with the one before. A share that falls and comes "
            "partly back was never above the first.",
        ),
        Mistake(
            _tolerates(0.1, 0.1),
            "You let differences of 5% and more pass. Only less than 1% counts as "
            "equal.",
        ),
        Mistake(
            _tolerates(0.1, 0.01),
            "Along a row, you let differences of 5% and more pass. There, too, only "
            "less than 1% counts as equal.",
        ),
        Mistake(
            _tolerates(0.01, 0.1),
            "A rise of 5% or more is no warmup in yours. Only a share that differs by "
            "less than 1% counts as equal.",
        ),
        Mistake(
            _tolerates(0.01, 0.003),
            "You call a rise of less than 1% a warmup.",
        ),
        Mistake(
            _never_falls(0.0),
            "You want shares that never fall. After a warmup they may hold, and "
            "rounding errors go both ways, or fall.",
        ),
        Mistake(
            _never_falls(0.01),
            "You want shares that rise or hold up to the end. After a warmup a rate "
            "may fall.",
        ),
        Mistake(
            _any_change,
            "Any change is a warmup in yours. A share that only falls is none.",
        ),
        Mistake(
            _fall_is_neither,
            'You call equal shares that fall "neither". A rate may fall; the layers '
            "still agree.",
        ),
        Mistake(
            _second_against_first,
            "You compare update 1 with update 0 only. A rate can hold first, and rise "
            "later.",
        ),
        Mistake(
            _mean_against_first,
            "You compare the average share with the first. A later fall hides a rise "
            "from the average.",
        ),
        Mistake(
            _two_columns,
            "You compare the first two matrices only. Look at every one.",
        ),
        Mistake(
            _neighbours,
            "You compare the first matrix with the last only. One between may differ.",
        ),
        Mistake(
            _outer_rows,
            "You compare the layers in the first and the last row only. They may part "
            "between.",
        ),
        Mistake(
            _all_rows,
            'You say "neither" only if the layers differ in every row. One is enough.',
        ),
        Mistake(
            _absolute,
            "You allow a difference of 0.01. Equal means: less than 1% of the share "
            "itself.",
        ),
        Mistake(
            _upside_down,
            "Your quotient is upside down: `lengths / moves` falls where the share "
            "rises.",
        ),
        Mistake(
            _other_axis,
            "You compare the updates of each matrix where you should compare the "
            "matrices of each update: the other axis.",
        ),
        Mistake(
            _both_axes_swapped,
            "You have swapped the axes: rows are updates, columns are matrices.",
        ),
        Mistake(
            _last_against_first,
            "You compare the last update with the first. A rate that rises and falls "
            "again had a warmup, too.",
        ),
        Mistake(
            _exactly,
            "You ask for shares that are exactly equal. A log has rounding errors: "
            "less than 1% counts as equal.",
        ),
        Mistake(
            _exact_rows,
            "Along a row, you ask for exactly equal shares. A log has rounding errors: "
            "less than 1% counts as equal.",
        ),
        Mistake(
            _any_rise,
            "Any rise is a warmup in yours, even one far below 1%.",
        ),
        Mistake(
            _mean_over_time,
            "You average over the updates before you compare layers. What alternates "
            "cancels.",
        ),
        Mistake(
            _whole_table,
            "You ask for one share in the whole table. A warmup changes it from row to "
            "row and not along a row.",
        ),
        Mistake(
            _first_lengths,
            "You divide by the lengths at update 0. Each row has its own.",
        ),
        Mistake(
            lambda lengths, moves: "LARS",
            'You always say "LARS".',
        ),
        Mistake(
            lambda lengths, moves: "neither",
            'You always say "neither".',
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (LARS_RATE, WHICH_LOG)
