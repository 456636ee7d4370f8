"""What a loss curve says about its learning rate, and what it can't say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from lrlib.arguments import positive, real_array, shown

PROBES = ("lr / 10", "lr", "lr * 3")
RAISES_THE_RATE = ("rate too small", "decayed too early")
BROKEN = 1e100  # beyond it a loss has left what one can compute with
SOLVED = 1e-4  # of the first loss: what ends lower needs no diagnosis


class Advice(NamedTuple):
    """What to say about a cause where nothing was measured for it alone."""

    why: str
    probe: str
    action: str


THREE_RATES = (
    "From the last good checkpoint (the end of the run, or its start if it ended no "
    "lower than it began) train on with lr / 10, lr and lr * 3, on the same batches."
)
ADVICE = {
    "rate too large": Advice(
        "Steps that overshoot look like this, and so does a network that they threw to "
        "where no gradient is left.",
        "With lr / 10 from the last good checkpoint the loss falls further.",
        "Divide the rate by 10 and go on from a checkpoint before the trouble.",
    ),
    "rate too small": Advice(
        "Steps that are too short look like this.",
        "With lr * 3 the loss falls clearly faster than with lr, with lr / 10 slower.",
        "Triple the rate, then probe again.",
    ),
    "noise floor": Advice(
        "The steps may undo each other, each following the noise of its batch.",
        "With lr / 10 the loss soon settles lower, with lr * 3 higher.",
        "Divide the rate by 10 from here on, or use larger batches.",
    ),
    "decayed too early": Advice(
        "The rate may have been lowered while the loss was still falling.",
        "With the rate from before the decay the loss falls on as it did then.",
        "Go back to the checkpoint before the decay, and decay later.",
    ),
    "wrong sign": Advice(
        "Steps up the slope look like this.",
        "The loss rises at every rate, with lr / 10 more slowly.",
        "Leave the rate; look for a gradient that is added, or a loss that should be "
        "maximised.",
    ),
    "inputs not scaled": Advice(
        "Inputs far from mean 0 and standard deviation 1 make the slope far too steep "
        "or far too flat.",
        "Print the mean and the standard deviation of the inputs and of the outputs.",
        "Leave the rate; scale the inputs to about mean 0 and standard deviation 1.",
    ),
    "model too small": Advice(
        "The model may be unable to do better.",
        "No rate gets lower, and a model twice as wide does.",
        "Leave the rate; make the model larger.",
    ),
    "label noise": Advice(
        "Wrong labels can't be predicted, only memorised.",
        "No rate gets lower, and the examples with the largest loss are mislabelled.",
        "Leave the rate; look at the examples with the largest loss.",
    ),
    "healthy": Advice(
        "A good rate can look like this.",
        "Neither lr / 10 nor lr * 3 gets clearly lower.",
        "Leave the rate and train on.",
    ),
    "can't tell": Advice("", THREE_RATES, "Leave the rate until the probe decides."),
}


@dataclass(frozen=True)
class Cause:
    """One explanation of a loss curve.

    Attributes:
        name: such as "rate too large".
        evidence: what speaks for it, with the measured numbers.
        probe: the experiment that tells it from the others.
        action: what to do if it is the cause.
    """

    name: str
    evidence: str
    probe: str
    action: str


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """The likely causes of a loss curve; prints as a readable text.

    Attributes:
        causes: in order of likelihood. After "can't tell" come those that fit.
    """

    causes: tuple[Cause, ...]

    @property
    def verdict(self) -> str:
        """The name of the first cause."""
        return self.causes[0].name

    def __repr__(self) -> str:
        return "\n".join(
            f"{cause.name}\n  evidence: {cause.evidence}\n"
            f"  probe:    {cause.probe}\n  action:   {cause.action}"
            for cause in self.causes
        )

    def _repr_markdown_(self) -> str:
        return "\n".join(
            f"{number}. **{cause.name}.** {cause.evidence}\n"
            f"    - *Probe:* {cause.probe}\n    - *Action:* {cause.action}"
            for number, cause in enumerate(self.causes, 1)
        )


def diagnose(
    losses: Any,
    *,
    guess: float | None = None,
    validation: Any = None,
    gradient_norms: Any = None,
    probes: dict[str, Any] | None = None,
) -> Diagnosis:
    """Name the likely causes of a loss curve, and the probe that separates them.

    A curve alone seldom decides. On a parabola with curvature h, the rates 0.1/h and
    1.9/h give the same losses to the last digit; so do a wrong sign and a rate that is
    too large. Then the verdict is "can't tell", followed by the causes that fit.
    Three short probes decide most cases.

    In words, with the three probes compared where they end:

    - lower with lr / 10: *rate too large* if the run ended above its start or still at
      ``guess``, or jumped on the way to twice its start and beyond its jitter;
      otherwise *noise floor*;
      *inputs not scaled* if it started above twice ``guess``. Where the noise of the
      batches hides that, a level run is on its *noise floor* too if lr * 3 settles a
      fifth higher.
    - rising all the way and with all three, faster with each: *wrong sign*.
    - lower with lr * 3 and higher with lr / 10: *rate too small*, or *decayed too
      early* if the curve fell before its middle and has hardly moved since.
    - no rate clearly lower: *healthy*, if it fell to less than half; but *model too
      small* or *label noise* if it stands above a third of ``guess``. It is label noise
      if the held-out loss is more than 5 % above: too small a model memorises nothing.

    The curve alone decides where it jumped and came back (*rate too large*), where it
    began above twice ``guess`` and stayed high (*inputs not scaled*), where the
    gradient has vanished though nothing was learned (*rate too large*), where almost
    nothing of the loss is left (*healthy*), and where it stays level while it wanders:
    noise of the batches alone would make neighbouring changes of the loss correlate by
    −1/2, and more than −0.3 means that the parameters move (*noise floor*).

    **Raising the rate is advised only after a probe**: lr * 3 must have ended below lr,
    and lr below lr / 10, and the run must neither have broken off nor jumped.

    Args:
        losses: the training losses of one run, a list, array or tensor ``[T]``. NaN,
            infinity and what is beyond 1e100 count as broken off.
        guess: the loss of a model that knows nothing, ``ln C`` for C classes.
        validation: held-out losses ``[T]``, NaN where not measured.
        gradient_norms: ``[T]``, NaN where not measured.
        probes: ``{"lr / 10": [...], "lr": [...], "lr * 3": [...]}``, the losses of
            three continuations, each ``[P]`` with P of 10 or more; a quarter of the run
            is a good length. All three begin at the same checkpoint: the end of the
            run, or its start if it ended no lower than it began. On the same batches
            they are compared best.

    Returns:
        A Diagnosis.

    Raises:
        TypeError: curves that aren't made of numbers, probes that aren't a dict.
        ValueError: an empty curve or one with several axes, lengths that don't match, a
            ``guess`` that isn't positive and finite, other keys in ``probes``.

    Source: Goodfellow, Bengio and Courville 2016, ch. 11, for reading curves. The three
    probes and the thresholds were chosen here, on runs with known causes;
    ``benchmarks/diagnosis.py`` measures them on others.
    """
    y = _curve("losses", losses)
    run = _Run(
        y,
        guess if guess is None else positive("guess", guess),
        _beside("validation", validation, len(y)),
        _beside("gradient_norms", gradient_norms, len(y)),
    )
    tried = None if probes is None else _three("probes", probes)
    with np.errstate(all="ignore"):  # losses may be infinite
        names, evidence = run.alone() if tried is None else run.probed(*tried)
    causes = [Cause(names[0], evidence, *ADVICE[names[0]][1:])]
    for name in names[1:]:
        why, probe, action = ADVICE[name]
        if name in RAISES_THE_RATE:
            action = "Nothing before the probe has shown it."
        causes.append(Cause(name, why, probe, action))
    return Diagnosis(tuple(causes))


def _curve(name: str, values: Any) -> np.ndarray:
    """One curve, with inf in place of all that is no usable loss."""
    if hasattr(values, "detach"):
        values = _off_torch(name, values)
    curve = real_array(name, values)
    if curve.ndim != 1 or not len(curve):
        raise ValueError(
            f"{name} must be one curve with a value or more, got shape {curve.shape}: "
            "pass a list of floats, such as a row of Runs.losses"
        )
    return np.where(np.abs(curve) < BROKEN, curve, np.inf)


def _off_torch(name: str, tensor: Any) -> Any:
    """A tensor where numpy can read it, without its gradient."""
    try:
        tensor = tensor.detach().cpu()
        # bfloat16, which numpy doesn't know, has two bytes.
        return tensor.float() if tensor.dtype.itemsize == 2 else tensor
    except Exception as error:  # one without data, or no tensor of torch
        raise TypeError(
            f"{name} must be made of real numbers, got {shown(tensor)}, which gives "
            f"{type(error).__name__} {error}: pass a list of floats"
        ) from error


def _beside(name: str, values: Any, length: int) -> np.ndarray:
    """What was measured of a curve that runs beside the losses."""
    if values is None:
        return np.empty(0)
    curve = _curve(name, values)
    if len(curve) != length:
        raise ValueError(
            f"{name} must be as long as losses, {length}, got {len(curve)}: write NaN "
            "where it was not measured"
        )
    return curve[np.isfinite(curve)]


def _three(name: str, probes: Any) -> list[np.ndarray]:
    remedy = f"train on from one checkpoint for the keys {list(PROBES)}"
    if not isinstance(probes, dict):
        raise TypeError(f"{name} must be a dict, got {shown(probes)}: {remedy}")
    if probes.keys() != set(PROBES):
        raise ValueError(
            f"{name} must have three keys, got {list(probes)}: {remedy}",
        )
    curves = [_curve(f"{name}[{key!r}]", probes[key]) for key in PROBES]
    lengths = [len(curve) for curve in curves]
    if len(set(lengths)) > 1 or lengths[0] < 10:
        raise ValueError(
            f"{name} must have one length, of 10 or more, got {lengths}: train each "
            "for the same number of updates"
        )
    return curves


Reading = tuple[Sequence[str], str]  # names of causes, evidence for the first


@dataclass(frozen=True)
class _Run:
    """A run to be read: curves without NaN, and what is measured on them."""

    losses: np.ndarray
    guess: float | None
    validation: np.ndarray
    gradient_norms: np.ndarray

    @cached_property
    def start(self) -> float:
        return float(self.losses[0])

    @cached_property
    def end(self) -> float:
        return _tail(self.losses, 10)

    @cached_property
    def broke(self) -> bool:
        return not np.isfinite(self.losses).all()

    @cached_property
    def sound(self) -> bool:
        return not self.broke and self.end < self.start

    @cached_property
    def jumped(self) -> bool:
        """Whether a twentieth of the run lay above twice its start, or the guess.

        Where the batches are noisy, the first loss may be low by chance.
        """
        highest = _means(self.losses, 20).max()
        usual = max(self.start, self.guess or 0.0)
        by_chance = self.start + 4 * self.jitter
        return bool(highest > 2 * usual > 0 and (self.broke or highest > by_chance))

    @cached_property
    def unscaled(self) -> bool:
        return self.guess is not None and self.start > 2 * self.guess

    @cached_property
    def vanished(self) -> bool:
        """Whether hardly a gradient is left, though hardly anything was learned."""
        norms = self.gradient_norms
        learned = not self.end > (self.guess or self.start) / 2
        return len(norms) > 1 and not learned and _tail(norms, 10) < norms.max() / 1000

    @cached_property
    def memorises(self) -> bool:
        held_out = self.validation
        return len(held_out) > 0 and _tail(held_out, 10) > 1.05 * self.end

    @cached_property
    def jitter(self) -> float:
        """Standard deviation of what changes from one update to the next."""
        changes = np.diff(self._second_half)
        return float(changes.std() / math.sqrt(2)) if len(changes) else 0.0

    @cached_property
    def level(self) -> bool:
        """Whether the last quarter is as high as the one before, up to its jitter."""
        if len(self._second_half) < 2:
            return False
        third, fourth = np.array_split(self._second_half, 2)
        change = abs(third.mean() - fourth.mean())
        error = self.jitter / math.sqrt(len(third))
        return bool(change < max(4 * error, 0.02 * (self.start - self.end)))

    @cached_property
    def wanders(self) -> bool:
        """Whether the loss moves up and down for longer than from batch to batch."""
        change = np.diff(self._second_half)
        turns = (change[1:] * change[:-1]).mean() / (change**2).mean()
        return bool(self.jitter > 0.2 * self.end and turns > -0.3)

    @property
    def _second_half(self) -> np.ndarray:
        return self.losses[len(self.losses) // 2 :]

    @cached_property
    def seen(self) -> str:
        if self.broke:
            update = int(np.argmax(~np.isfinite(self.losses)))
            if update == 0:
                return "The first loss is no finite number."
            return (
                f"The loss starts at {self.start:.3g} and is no finite number any more "
                f"at update {update}."
            )
        seen = f"The loss starts at {self.start:.3g} and ends at {self.end:.3g}."
        return (
            seen if self.guess is None else f"{seen} Guessing costs {self.guess:.3g}."
        )

    def alone(self) -> Reading:
        """What the curve says without probes. It never says to raise the rate."""
        seen = self.seen
        if self.unscaled and not self.end < (self.guess or 0.0) / 2:
            return ("inputs not scaled", "rate too large"), seen
        if self.jumped and not _climbs(self.losses):
            more = (
                ""
                if self.broke
                else f" On the way it jumped to {self.losses.max():.3g}."
            )
            return ("rate too large", "inputs not scaled"), seen + more
        if self.vanished:
            norms = self.gradient_norms
            more = (
                f" Of a gradient of {norms.max():.2g}, {_tail(norms, 10):.2g} is left."
            )
            return ("rate too large", "inputs not scaled"), seen + more
        unclear = "can't tell", "rate too large", "wrong sign", "inputs not scaled"
        if self.broke or self.jumped:
            return unclear, seen
        if len(self.losses) < 10:
            return (
                *unclear,
                "rate too small",
            ), f"{seen} So short a curve shows little."
        if not self.sound:
            return (*unclear, "rate too small"), seen
        if self.end < SOLVED * self.start:
            return ("healthy",), seen
        if not self.level:
            return (
                ("can't tell", "rate too small", "healthy", "rate too large"),
                f"{seen} It is still falling.",
            )
        seen += f" It is level, and jitters by {self.jitter:.2g}."
        if self.end > 0.9 * self.start:
            names = ("can't tell", "rate too small", "rate too large")
            return (*names, "inputs not scaled", "decayed too early"), seen
        if self.wanders:
            return ("noise floor", "rate too large"), seen
        names = ("can't tell", "noise floor", "decayed too early")
        return (*names, "model too small", "label noise", "healthy"), seen

    def probed(self, low: np.ndarray, same: np.ndarray, high: np.ndarray) -> Reading:
        """What the curve says together with its three probes."""
        a, b, c = (_tail(probe, 5) for probe in (low, same, high))
        seen = (
            f"{self.seen} The probes end at {_height(a)} with lr / 10, {_height(b)} "
            f"with lr, {_height(c)} with lr * 3."
        )
        # Ratios are taken of heights above 0, or above the lowest loss if negative.
        floor = min(0.0, *(curve.min() for curve in (self.losses, low, same, high)))
        solved = SOLVED * abs(self.start - floor)
        a_high, b_high, c_high = (max(x - floor, solved) for x in (a, b, c))
        falling = _below(same, low) and _below(high, same)
        first, _, last = _means(low, 3)
        rising = (
            last > first
            and _below(low, same)
            and _below(same, high)
            and _climbs(self.losses)
        )

        # With sgd on a parabola, lr / 10 is still too large only if lr makes the loss
        # grow more than (20 - 1)**2 = 361 times at each update.
        falls = a - floor < 0.98 * (_head(low) - floor)
        if rising and not falls and same[1] - floor < 361 * (same[0] - floor):
            return ("wrong sign", "rate too large"), seen
        if not self.sound and _below(low, same) and falls:
            causes = ("rate too large", "inputs not scaled")
            return causes[::-1] if self.unscaled else causes, seen
        high_up = self.guess is not None and b > self.guess / 3
        stuck = self.sound and high_up and b < 0.9 * self.start
        if self.sound and _below(low, same) and a_high < 0.98 * b_high:
            if self.unscaled:
                return ("inputs not scaled", "rate too large"), seen
            guessing = self.guess is not None and self.end > 0.9 * self.guess
            if self.jumped or guessing:
                return ("rate too large", "noise floor"), seen
            if not (stuck and a_high > 0.5 * b_high):
                return ("noise floor", "rate too large"), seen
            return self._stuck(c), seen
        if self.sound and b_high <= solved:
            return ("healthy",), seen
        calm = not self.broke and not self.jumped and a > b > c
        if calm and falling and self.turned_level(floor) < 0.12:
            return ("decayed too early", "rate too small"), seen
        if stuck and min(a_high, c_high) > 0.9 * b_high and b > 0.9 * self.end:
            return self._stuck(c), seen
        if calm and falling and (b - c > 0.3 * (a - b) or c_high < 0.7 * b_high):
            return ("rate too small", "decayed too early"), seen
        if self.sound and b_high < 0.5 * (self.start - floor):
            if falling:
                return ("healthy", "rate too small"), seen
            if _below(same, high):  # what noise costs may hide in that of the batches
                noisy = self.level and self.jitter > 0.2 * self.end
                if noisy and c_high > 1.2 * b_high:
                    return ("noise floor", "healthy"), seen
                return ("healthy", "noise floor"), seen
            return ("healthy",), seen
        return self.alone()[0], seen

    def _stuck(self, high: float) -> Sequence[str]:
        """Why no rate helps, at a height where most is still to be learned."""
        if high > self.start:
            return "rate too large", "noise floor"
        names = ("model too small", "label noise")
        return names[::-1] if self.memorises else names

    def turned_level(self, floor: float) -> float:
        """How far it fell after its middle, of how far before, both as logarithms."""
        n = len(self.losses)
        early = self.losses[: max(1, n // 40)]
        middle = self.losses[2 * n // 5 : n // 2 + 1].mean()
        heights = np.array([early.mean(), middle, self.end]) - floor
        first, half, last = np.log(np.maximum(heights, 1e-300))
        noise = 3 * self.jitter / math.sqrt(len(early))
        if not (first - half > 0.02 and early.mean() - middle > noise):
            return math.inf
        return float((half - last) / (first - half))


def _means(curve: np.ndarray, parts: int) -> np.ndarray:
    pieces = np.array_split(curve, min(parts, len(curve)))
    return np.array([piece.mean() for piece in pieces])


def _head(curve: np.ndarray) -> float:
    return float(curve[: max(1, len(curve) // 40)].mean())


def _tail(curve: np.ndarray, part: int) -> float:
    return float(curve[-max(1, len(curve) // part) :].mean())


def _height(loss: float) -> str:
    return f"{loss:.3g}" if math.isfinite(loss) else "no finite number"


def _below(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether one probe ends lower than another, beyond the noise of the batches.

    Where both saw the same batches, their difference has little of that noise.
    """
    if not np.isfinite(other).all():
        return bool(np.isfinite(one).all())
    parts = _means((other - one)[len(one) // 3 :], 6)
    return bool((parts > 0).all() or parts.mean() > 3 * parts.std() / math.sqrt(5))


def _climbs(curve: np.ndarray) -> bool:
    """Whether a curve rises all the way, as far as it is finite."""
    broken = np.flatnonzero(~np.isfinite(curve))
    finite = curve[: broken[0]] if len(broken) else curve
    return len(finite) > 1 and bool((np.diff(_means(finite, 5)) > 0).all())
