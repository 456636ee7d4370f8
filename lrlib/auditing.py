"""What is wrong with a schedule, before a training run is spent on it.

A schedule becomes a ``Run``: the array of its rates, and its parts with their arguments
and turns. Each kind of fault is one function over a Run. Parts are known by the names
of their arguments, which lrlib shares with torch, so that nothing here imports either.
"""

from __future__ import annotations

import copy
import math
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral, Real
from types import SimpleNamespace
from typing import Any

import numpy as np

from lrlib.arguments import NO_NUMBERS, number, positive, real_array, shown, whole

NOTHING = 1e-6  # of the peak: such a rate changes nothing
TAIL = 20  # a run may end with its twentieth part at nothing
SHORT = 5  # a horizon in the first fifth of its turn counts another unit
LEEWAY = 1.05  # a boundary may lie this much beyond the run
HIGH = 0.2  # of the way from the floor to the peak: an end above it is high
CLIMB = 0.01  # of that way: what climbs less doesn't rise
FALL = 5.0  # from a peak of one update to the next
RAMP = 1.5  # what grows more from update to update is no ramp but a jump
JUMP = 2.0  # from the top of a ramp to the next update
MUCH = 1e300  # an argument beyond it is no number that one can compare
LONGEST = 10**7  # a run that takes about a second and a gigabyte to look at
SAME = 0.01  # rates that differ by less, relatively, are taken for the same


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a schedule; prints as its sentence.

    Attributes:
        step: the update where it shows, counted from 0.
        kind: one of those that ``audit`` lists, such as "never changes".
        sentence: what is wrong, where, and what to do.
    """

    step: int
    kind: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class Findings(tuple[Finding, ...]):
    """Findings in the order of their steps; prints one sentence per line."""

    def __repr__(self) -> str:
        return "\n".join(map(str, self)) or "nothing found"

    def _repr_markdown_(self) -> str:
        """A list, whose lines a page can break; with Markdown's own signs escaped."""
        plain = [re.sub(r"([\\`*_<\[\]])", r"\\\1", str(finding)) for finding in self]
        return "\n".join(f"- {sentence}" for sentence in plain) or "nothing found"


def _real(value: Any) -> Any:
    """``value`` as a number of Python's, or None where it is none to compare with."""
    if isinstance(value, NO_NUMBERS) or not isinstance(value, Real):
        return None
    if isinstance(value, np.integer):
        value = int(value)
    elif not isinstance(value, int):
        value = float(value)
    return value if abs(value) < MUCH else None


@dataclass(frozen=True)
class Part:
    """A piece of a schedule, and when it has its turn.

    Attributes:
        name: its class.
        arguments: what it was made of.
        start: the update at which its own clock stands at 0; below 0 on resuming.
        stop: the update at which the next part takes over, or the run is over.
        lr: the rate that it multiplies, if it says.
    """

    name: str
    arguments: dict[str, Any]
    start: int
    stop: int
    lr: float | None = None

    @property
    def length(self) -> int:
        """How far its own clock gets."""
        return self.stop - self.start

    @property
    def milestones(self) -> list[int]:
        values = self.arguments.get("milestones")
        values = values if isinstance(values, Iterable) else ()
        return sorted(int(value) for value in values if isinstance(value, Integral))

    @property
    def cycles(self) -> bool:
        """Whether it is meant to climb again and again."""
        return bool(self.count("T_0") or self.count("step_size_up"))

    @property
    def rise(self) -> float:
        """How far its factor climbs in ``total_iters``; below 0 if it falls."""
        start, end = self.number("start_factor"), self.number("end_factor")
        start = self.number("factor") if start is None else start
        return -1.0 if start is None else (1.0 if end is None else end) - start

    def number(self, name: str) -> Any:
        """The argument of this name, or None where there is no such number."""
        return _real(self.arguments.get(name))

    def count(self, name: str) -> Any:
        """The argument of this name, or None where it counts no updates."""
        value = self.number(name)
        return value if value is not None and value > 0 else None

    def ends(self) -> Iterator[tuple[str, Any]]:
        """The argument that says when its fall is complete: name and value."""
        for name in ("T_max", "total_iters", "total_steps"):
            value = self.count(name)
            if value and not (name == "total_iters" and self.rise >= 0):
                yield name, value

    def cycle_ends(self) -> tuple[int, int]:
        """How long it takes up to the end of its last full cycle, and of the next."""
        up = self.count("step_size_up") or 0
        cycle = self.count("T_0") or up + (self.count("step_size_down") or up)
        factor = self.count("T_mult") or 1
        last = self.length // cycle * cycle if factor == 1 else 0
        while factor >= 2 and last + cycle <= self.length:
            last, cycle = last + cycle, cycle * factor
        return last, last + cycle

    def over(self) -> str:
        """When its turn is over, in words."""
        clock = f", when its own clock says {self.length - 1}" if self.start else ""
        return f"it runs until update {self.stop - 1}{clock}"


@dataclass(frozen=True)
class Run:
    """The rates that a run would be trained with, and where they come from.

    Attributes:
        table: the rates ``[updates, groups]``; fewer than ``steps`` if it breaks off.
        steps: how many updates were asked for.
        limit: the largest stable rate; infinite if not known.
        parts: what is known of the schedule; nothing of a list of rates.
        failure: at which update it breaks off, and why, if it does.
        stepped: how many steps a scheduler had taken before.
        chain: its part that sets the rate anew at each step, if any; then the others.
        group: the one that is audited.
    """

    table: np.ndarray
    steps: int
    limit: float
    parts: tuple[Part, ...] = ()
    failure: tuple[int, str] | None = None
    stepped: int = 0
    chain: tuple[str, ...] = ()
    group: int = 0

    @property
    def rates(self) -> np.ndarray:
        return self.table[:, self.group]

    @property
    def peak(self) -> float:
        return float(self.rates.max())

    @property
    def end(self) -> float:
        return float(self.rates[-1])

    @property
    def last_parts(self) -> list[Part]:
        """The parts that have their turn when the run ends."""
        return [part for part in self.parts if part.stop == self.steps]

    def in_cycles(self, t: int) -> bool:
        """Whether update ``t`` and the one before belong to cycles that are meant."""
        return any(part.cycles and part.start < t < part.stop for part in self.parts)

    def moving(self, least: float = NOTHING) -> np.ndarray:
        """Which updates have more than this part of the peak, in any group."""
        return np.asarray((self.table > least * self.table.max(axis=0)).any(axis=1))

    def anew(self, remedy: str) -> str:
        """The remedy, after another if the scheduler was not new."""
        if not self.stepped:
            return remedy
        return (
            f"as the scheduler has taken {_plural(self.stepped, 'step')} before, make "
            f"it and the optimizer anew if the run is new; if not, {remedy}"
        )


Faults = Iterator[tuple[int, str]]


def audit(schedule: Any, steps: int, limit: float | None = None) -> Findings:
    """What is wrong with a schedule, before a training run is spent on it.

    The kinds, in the order in which they are looked for; what would follow from an
    earlier finding is left out:

    - "no rate": a rate is NaN, infinite or negative, in any parameter group, or an
      error stops the run. Then nothing else is looked for.
    - "first rate is 0": the first updates have at most 1e-6 of the peak; just 0, in a
      run that rises to its end.
    - "boundary beyond the run": a milestone that never comes; a ramp, fall or cycle
      that needs over 5 % more updates than it gets.
    - "never changes": one rate throughout, where more than an ``lr`` was given.
    - "horizon too short": a fall that is complete in the first fifth of its turn, as
      when it counts epochs and is stepped per batch.
    - "rises": climbs again after its end, by over 1 % of the peak; or ends within 1 %
      of its highest rate, after it had fallen or while it still rises.
    - "ends far above its floor": over a fifth of the way back to the peak, in the
      middle of a cycle or of none that is known, and not held there.
    - "frozen": over a twentieth of the run, at its end, has at most 1e-6 of the peak.
    - "hand-over": after the top of a ramp the next rate is at most a fifth of it, or
      at least its double; or the first rate is left five-fold, for a ramp.
    - "base rate overwritten": one scheduler of torch changed what another builds on.
    - "no effect": a part of a ``ChainedScheduler``, where another, such as LambdaLR,
      sets the rate anew at each step.
    - "not its lr": a function of your own reaches over 1.01 times its ``lr``; or, with
      an ``lr`` below 1, less than 0.01 times, or ``lr`` times, as one that returns a
      rate in place of a factor.
    - "above the stability limit": at how many updates, and how far.

    A scheduler that has taken steps may be within a sound run: "first rate is 0",
    "never changes", "no effect" and a low "not its lr" aren't looked for. Of several
    parameter groups the one with the largest rate counts; but what changes nothing, or
    never changes, has to do so in all.

    It can't see what was meant. These pass: a fall that stops high, as at an
    ``eta_min`` near the peak; a rate set by hand, or not restored with ``last_epoch``;
    a scheduler spent by plotting, if it looks like the rest of a run; a warmup for
    LambdaLR given to MultiplicativeLR. A rate that only rises is a fault here; don't
    audit a range test. A list of rates shows its curve alone: no boundaries, and no
    cycles that are meant. Functions of your own are called.

    Args:
        schedule: a Schedule; or a scheduler of torch, of which a copy is stepped, from
            where it stands, without its optimizer; or the rates of a run as recorded.
        steps: the number of updates of the run. For a scheduler, those to come.
        limit: the largest stable rate, such as ``basics.stability_limit(task)``;
            infinite means none.

    Returns:
        A sequence of ``Finding``, in the order of their steps, that prints as one
        sentence per line; empty if nothing was found, which prints as that.

    Raises:
        TypeError: ``schedule`` is none of these: ``ReduceLROnPlateau``, say, which has
            feedback and no curve; ``steps`` is not whole, ``limit`` no number.
        ValueError: ``steps`` < 1 or beyond ten million, ``limit`` not positive, or not
            one recorded rate per update.

    Source: the faults are those of published courses, of code in the wild and of
    ``torch.optim.lr_scheduler``; the thresholds were chosen here.
    """
    steps = whole("steps", steps, at_least=1, at_most=LONGEST)
    limit = math.inf if limit is None else number("limit", limit)
    if limit != math.inf:
        limit = positive("limit", limit)
    run = read(schedule, steps, limit)
    found: list[Finding] = []
    with np.errstate(all="ignore"):  # rates near the largest float have no double
        for kind, (check, causes) in _CHECKS.items():
            if not any(finding.kind in ("no rate", *causes) for finding in found):
                found += [Finding(step, kind, text) for step, text in check(run)]
    return Findings(sorted(found, key=lambda finding: finding.step))


def read(schedule: Any, steps: int, limit: float) -> Run:
    """What there is to know about a schedule of whatever type."""
    if hasattr(schedule, "num_bad_epochs"):
        raise TypeError(
            f"schedule must be known before the run, got {type(schedule).__name__}: "
            "it has feedback and no curve; record the rates of a run and pass the list"
        )
    if callable(getattr(schedule, "rates", None)) and not isinstance(schedule, type):
        rates, failure = _rates(schedule, steps)
        parts = tuple(_parts(schedule, 0, steps))
        return Run(rates[:, None], steps, limit, parts, failure)
    if hasattr(schedule, "get_last_lr") and hasattr(schedule, "optimizer"):
        return _read_scheduler(schedule, steps, limit)
    if not isinstance(schedule, list | tuple) and not hasattr(schedule, "__array__"):
        raise TypeError(
            f"schedule must be a Schedule, a scheduler of torch or a list of rates, got"
            f" {shown(schedule)}: use decay.constant(lr) for a fixed rate and "
            "decay.custom(lr, function) for a function"
        )
    rates = real_array("schedule", schedule)
    if rates.shape != (steps,):
        raise ValueError(
            f"schedule must have one rate per update, {steps}, got the shape "
            f"{rates.shape}: pass steps=len(rates)"
        )
    return Run(rates[:, None], steps, limit)


def rates_of(schedule: Any, t: np.ndarray) -> np.ndarray:
    """What ``schedule.rates(t)`` gives, if that is a number for each update.

    Raises:
        TypeError: it is made of something else.
        ValueError: it has another shape than ``t``; one number for all is welcome.
    """
    rates = real_array("rates(t)", schedule.rates(t))
    if rates.ndim and rates.shape != t.shape:
        raise ValueError(
            f"rates(t) must have the shape of t, {t.shape}, got {rates.shape} from "
            f"{shown(schedule)}: compute a rate for each entry of t"
        )
    return rates if rates.shape == t.shape else np.full(t.shape, rates)


def _rates(schedule: Any, steps: int) -> tuple[np.ndarray, tuple[int, str] | None]:
    """The rates of a Schedule, up to the first that can't be computed, and why."""
    with np.errstate(all="ignore"):
        try:
            return rates_of(schedule, np.arange(steps)), None
        except Exception:  # of whatever kind: it becomes a finding, with its update
            rates: list[float] = []
            for t in range(steps):
                try:
                    rates.append(float(rates_of(schedule, np.array(t))))
                except Exception as error:
                    why = f"the rate of update {t} can't be computed"
                    return np.array(rates), (t, f"{why}: {_message(error)}")
            return np.array(rates), None


def _read_scheduler(scheduler: Any, steps: int, limit: float) -> Run:
    """The rates of a torch scheduler; the group that counts is the fastest."""
    table, failure = _step_a_copy(scheduler, steps)
    # A rate that is none comes before the largest.
    group = int(np.where(table >= 0, table, np.inf).max(axis=0, initial=0).argmax())
    inner = getattr(scheduler, "_schedulers", [])
    clocks = (s.last_epoch for s in (scheduler, *inner) if hasattr(s, "last_epoch"))
    stepped = next(clocks)
    chain: tuple[str, ...] = ()
    for part in [] if hasattr(scheduler, "_milestones") or stepped else inner:
        low, high = (_step_a_copy(part, 2, lr)[0][1:] for lr in (0.0, math.inf))
        if low.tolist() == high.tolist() != []:  # whatever the rate was before
            others = (type(other).__name__ for other in inner if other is not part)
            chain = (type(part).__name__, *others)
    parts = tuple(_parts(scheduler, -stepped, steps, group=group))
    return Run(table, steps, limit, parts, failure, stepped, chain, group)


def _step_a_copy(
    scheduler: Any, steps: int, lr: float | None = None
) -> tuple[np.ndarray, tuple[int, str] | None]:
    """The rates ``[updates, groups]`` of a scheduler of torch, and why they end.

    What is stepped is a copy, from ``lr`` if given, on a stand-in without parameters.
    Those that the copy still reaches, by a function, stay themselves.
    """
    optimizer = scheduler.optimizer
    memo: dict[int, Any] = {
        id(p): p for group in optimizer.param_groups for p in group["params"]
    }
    groups = copy.deepcopy(optimizer.param_groups, memo)
    for group in groups:
        group["params"] = []
        group["lr"] = group["lr"] if lr is None else lr
    memo[id(optimizer)] = SimpleNamespace(
        param_groups=groups, defaults=dict(optimizer.defaults), step=lambda: None
    )
    try:
        twin = copy.deepcopy(scheduler, memo)
    except Exception as error:
        raise TypeError(
            f"schedule must be something that can be copied, got {shown(scheduler)} "
            f"({_message(error)}): pass a list of its rates"
        ) from error
    rates: list[list[float]] = []
    failure = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch misses the steps of the optimizer
        for t in range(steps):
            try:
                rates.append([float(group["lr"]) for group in groups])
                twin.step()
            except Exception as error:
                why = f"the rate of update {t} is no number"
                if len(rates) > t:
                    why = f"step() after update {t} fails"
                failure = t, f"{why}: {_message(error)}"
                break
    return np.reshape(rates, (-1, len(groups))), failure


def _message(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()


def _parts(
    plan: Any, start: int, stop: int, scale: float = 1.0, group: int = 0
) -> Iterator[Part]:
    """The parts of a schedule or scheduler that get a turn, joined ones taken apart."""
    joined = getattr(plan, "_schedulers", None) or getattr(plan, "parts", None)
    if joined is not None:
        chain = hasattr(plan, "_schedulers") and not hasattr(plan, "_milestones")
        milestones = getattr(plan, "_milestones", getattr(plan, "milestones", ()))
        starts = [0] * len(joined) if chain else [0, *milestones]
        stops = [stop] * len(joined) if chain else [start + m for m in milestones]
        yield Part(type(plan).__name__, {"milestones": milestones}, start, stop)
        for part, begin, end in zip(joined, starts, [*stops, stop], strict=False):
            if start + begin < stop and end > 0:
                yield from _parts(part, start + begin, min(end, stop), scale, group)
    elif hasattr(plan, "schedule"):  # scale, and what as_scheduler gives
        scale *= _real(getattr(plan, "factor", 1.0)) or 1.0
        yield from _parts(plan.schedule, start, stop, scale, group)
    else:
        arguments = dict(getattr(plan, "__dict__", {}))
        if "total_size" in arguments:  # CyclicLR keeps its step sizes like this
            up = round(plan.total_size * plan.step_ratio)
            down = round(plan.total_size) - up
            arguments |= {"step_size_up": up, "step_size_down": down}
        lr = arguments.get("lr")
        if "base_lrs" in arguments:
            lr = float(plan.base_lrs[group])  # which may be a tensor
        lr = _real(lr)
        yield Part(
            type(plan).__name__,
            arguments,
            start,
            stop,
            None if lr is None else scale * lr,
        )


def _plural(n: int, what: str = "update") -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _no_rate(run: Run) -> Faults:
    bad = np.flatnonzero(~((run.rates >= 0) & (run.rates < np.inf)))
    if len(bad):
        where = f" in parameter group {run.group}" if run.table.shape[1] > 1 else ""
        yield (
            int(bad[0]),
            f"Update {bad[0]} has the rate {run.rates[bad[0]]:g}{where}, and {len(bad)}"
            f" of {_plural(run.steps)} have none that is finite and not negative: "
            f"{run.anew('change the schedule there, or stop before')}.",
        )
    elif run.failure:
        step, why = run.failure
        remedy = "repair the schedule"
        for part in run.parts:
            if total := part.count("total_steps"):
                remedy = f"raise total_steps, which is {total}"
        yield (
            step,
            f"The run of {_plural(run.steps)} breaks off, because {why}: "
            f"{run.anew(f'train for fewer updates, or {remedy}')}.",
        )


def _first_is_0(run: Run) -> Faults:
    rising = run.rates[-2:].min() < run.end == run.peak
    something = run.moving(0.0 if rising else NOTHING)
    if run.peak > 0 and not something[0] and not run.stepped:
        n = int(something.argmax())
        it = "it moves" if n == 1 else f"the first {n} updates move"
        yield (
            0,
            f"Update 0 has the rate {run.rates[0]:.3g}: {it} no parameter. Begin a "
            "ramp of n updates at 1 / (n + 1) of its top.",
        )


def _beyond(run: Run) -> Faults:
    for part in run.parts:
        late = [m for m in part.milestones if m >= part.length]
        step_size = part.count("step_size") or 0
        if late:
            yield (
                part.stop - 1,
                f"{part.name} has milestones that never come, {late}: {part.over()}. "
                "Let them count what step() counts, or drop them.",
            )
        elif step_size >= part.length:
            yield (
                part.stop - 1,
                f"{part.name} never falls: step_size={step_size}, and {part.over()}. "
                "Choose a smaller step_size.",
            )
        else:
            yield from _unfinished(run, part)


def _unfinished(run: Run, part: Part) -> Faults:
    """Ramps cut short; and falls and cycles, if it is the run that cuts them."""
    ramps = ["warmup_steps", "step_size_up"] + ["total_iters"] * (part.rise > 0)
    falls = ["T_0", *(name for name, _ in part.ends())] * (part.stop == run.steps)
    for name in ramps + falls:
        needed = part.count(name)
        if needed and needed > LEEWAY * part.length:
            remedy = f"Lower {name}, or let it last longer"
            if needed >= SHORT * part.length and part.stop == run.steps:
                remedy = f"If {name} counts batches, call step() after each batch"
            yield (
                part.stop - 1,
                f"{part.name} needs {name}={needed}, and {part.over()}: by then its "
                f"rate has come to {run.rates[part.stop - 1]:.3g}. {remedy}.",
            )
            return


def _never_changes(run: Run) -> Faults:
    if run.steps == 1 or run.stepped or run.peak == 0:
        return
    remedy = "if that is meant, leave the scheduler out, or use decay.constant"
    if not run.parts:
        remedy = "see that step() is called, and that no plot has spent the scheduler"
    elif all(part.arguments.keys() <= {"lr", "milestones"} for part in run.parts):
        return
    if (run.table.max(axis=0) / (1 + 1e-9) <= run.table.min(axis=0)).all():
        yield (
            0,
            f"The rate is {run.peak:.3g} at update 0 and never changes in "
            f"{_plural(run.steps)}: {remedy}.",
        )


def _too_short(run: Run) -> Faults:
    for part in run.parts:
        fallen, gamma = "has fallen as far as it goes", part.number("gamma") or 1
        over = [(name, at, at) for name, at in part.ends()]
        if 0 < gamma < 1 and (size := part.count("step_size")):
            stairs = math.ceil(math.log(NOTHING) / math.log(gamma))
            fallen = "is down to a millionth of its lr"
            over.append(("step_size", size, size * stairs))
        elif 0 < gamma < 1 and part.milestones:
            over.append(("milestones", part.milestones, part.milestones[-1]))
        for name, value, at in over:
            if SHORT * at <= part.length:
                end = max(int(part.start + at), 0)
                yield (
                    end,
                    f"{part.name} {fallen} by update {end}, with {name}={value}, and "
                    f"it runs for {part.length} updates. If {name} counts "
                    "epochs, call step() once per epoch, or multiply it by the batches "
                    "per epoch; if it counts updates, raise it.",
                )


def _rises(run: Run) -> Faults:
    for part in run.last_parts:
        for name, at in part.ends():
            end = max(part.start + math.ceil(at), 0)
            after = run.rates[end + 1 :]
            remedy = run.anew(f"set {name} to {part.length}, or stop at its end")
            if len(after) and after.max() - run.rates[end] > CLIMB * run.peak:
                yield (
                    end,
                    f"{part.name} has its end at update {end} ({name}={at}), with the "
                    f"rate {run.rates[end]:.3g}, and climbs from there to "
                    f"{after.max():.3g}: {remedy}.",
                )
                return
    fallen = run.rates[run.rates.argmax() :].min() < (1 - SAME) * run.end
    rising = run.rates.min() < (1 - SAME) * run.end > 0 and run.end > run.rates[-2]
    cycles = any(part.cycles for part in run.last_parts)
    top = max([run.peak, *(part.lr or 0.0 for part in run.last_parts if run.stepped)])
    if not cycles and run.end >= (1 - SAME) * top and (fallen or rising):
        lowest, remedy = int(run.rates.argmin()), "let it fall to the end"
        for part in run.last_parts:
            if part.lr and (part.number("eta_min") or 0) > part.lr:
                remedy = f"lower eta_min, which is above the lr={part.lr:.3g}"
        yield (
            run.steps - 1,
            f"The run ends with update {run.steps - 1} at the rate {run.end:.3g}, at or"
            f" near its highest, after {run.rates[lowest]:.3g} at update {lowest}: "
            f"{run.anew(remedy)}.",
        )


def _ends_high(run: Run) -> Faults:
    since, remedy = int(run.rates.argmax()), "let it fall to the end"
    held = len(set(run.rates[-max(2, run.steps // TAIL) :])) == 1
    for part in run.last_parts:
        if part.cycles:
            last, following = part.cycle_ends()
            if part.length - last <= bool(part.count("step_size_up")):
                return  # at the end of a cycle, or of a triangle with its base added
            since = max(part.start, 0)
            last, following = part.start + last, part.start + following
            remedy = f"stop where a cycle ends, after {last} updates or {following}"
    lowest = since + int(run.rates[since:].argmin())
    floor = float(run.rates[lowest])
    if not held and run.end - floor > HIGH * (run.rates[since:].max() - floor):
        yield (
            run.steps - 1,
            f"The run ends with update {run.steps - 1} at the rate {run.end:.3g}, "
            f"though it was down to {floor:.3g} at update {lowest}: {remedy}.",
        )


def _frozen(run: Run) -> Faults:
    moving = np.flatnonzero(run.moving())
    first = int(moving[-1]) + 1 if len(moving) else 0
    rest = run.steps - first
    if rest > max(1, run.steps / TAIL):
        highest = run.rates[first:].max()
        rate = f"{highest:.3g} or less" if highest else "0"
        remedy = "call step() once per epoch if it is meant to fall per epoch"
        if any(part.name == "MultiplicativeLR" for part in run.parts):
            remedy = "use LambdaLR if its function gives factors of the lr"
        remedy = f"let it fall over the whole run, or {remedy}"
        yield (
            first,
            f"From update {first} on the rate is {rate}: {_plural(rest)} of "
            f"{run.steps} change nothing; "
            f"{run.anew(remedy if run.peak else 'give it a rate above 0')}.",
        )


def _hand_over(run: Run) -> Faults:
    r = run.rates
    late = len(r) > 2 and r[0] > r[1] < r[2] and r[0] / FALL >= r[1]
    if late and not run.in_cycles(1):
        yield (
            1,
            f"The rate is {r[0]:.3g} at update 0, {r[1]:.3g} at update 1, and climbs "
            "from there: the ramp was not yet applied at update 0. Set the rate before "
            "the first update, not after it.",
        )
    a, b, c, d = r[:-3], r[1:-2], r[2:-1], r[3:]
    ramp = (a < b) & (b < c) & (c / RAMP < b)
    meets = (d > c / FALL) & (d / JUMP < c)
    for t in map(int, np.flatnonzero(ramp & ~meets) + 3):
        if not run.in_cycles(t):
            yield (
                t,
                f"The rate goes from {r[t - 1]:.3g} at update {t - 1}, the top of a "
                f"ramp, to {r[t]:.3g} at update {t}: let the ramp end at the rate with "
                "which the next part begins.",
            )
            return


def _no_effect(run: Run) -> Faults:
    if len(run.chain) > 1:
        setting, *others = run.chain
        yield (
            0,
            f"{' and '.join(others)} can have no lasting effect in this chain: from "
            f"update 0 on {setting} sets the rate anew at each step. Let one follow the"
            " other in SequentialLR, or multiply both in one function.",
        )


def _not_its_lr(run: Run) -> Faults:
    for part in run.parts:
        own = part.arguments.keys() & {"function", "lr_lambdas"}
        if not own or not part.lr or part.name == "MultiplicativeLR":
            continue
        first = max(part.start, 0)
        rates = run.rates[first : part.stop]
        step, factor = first + int(rates.argmax()), float(rates.max()) / part.lr
        low = factor < SAME or math.isclose(factor, part.lr, rel_tol=SAME)
        remedy = ""
        if factor > 1 + SAME:
            remedy = "A factor is 1 at the peak: check the formula"
        elif 0 < factor < 1 - SAME and low and part.lr < 1 and not run.stepped:
            remedy = "Let its function return a factor, 1 at the peak, or set lr=1"
        if remedy:
            yield (
                step,
                f"{part.name} reaches {rates.max():.3g} at most, at update {step}: "
                f"{factor:.3g} times its lr={part.lr:.3g}. {remedy}.",
            )


def _overwritten(run: Run) -> Faults:
    built = [part for part in run.parts if "base_lrs" in part.arguments and part.lr]
    for one, other in pairwise(built):
        if not math.isclose(one.lr or 0, other.lr or 0, rel_tol=1e-9):
            yield (
                max(other.start, 0),
                f"{other.name}, which has its turn from update {max(other.start, 0)} "
                f"on, was built on the rate {other.lr:.3g}, and {one.name} on "
                f"{one.lr:.3g}: one of them has overwritten the rate of the optimizer. "
                "Use the one that brings its own rates, such as OneCycleLR, alone.",
            )


def _above(run: Run) -> Faults:
    above = np.flatnonzero(run.rates > run.limit)
    if len(above):
        yield (
            int(above[0]),
            f"The rate is above the stability limit {run.limit:.3g} at {len(above)} of "
            f"{_plural(run.steps)}, first at update {above[0]}, and up to "
            f"{run.peak:.3g}, {run.peak / run.limit:.3g} times the limit: lower its "
            "peak.",
        )


# Each kind with its check, and the kinds of which it would be a mere consequence.
_CHECKS: dict[str, tuple[Callable[[Run], Faults], tuple[str, ...]]] = {
    "no rate": (_no_rate, ()),
    "first rate is 0": (_first_is_0, ()),
    "boundary beyond the run": (_beyond, ()),
    "never changes": (_never_changes, ("boundary beyond the run",)),
    "horizon too short": (_too_short, ("never changes",)),
    "rises": (_rises, ("boundary beyond the run", "horizon too short")),
    "ends far above its floor": (
        _ends_high,
        ("boundary beyond the run", "horizon too short", "rises"),
    ),
    "frozen": (_frozen, ("horizon too short",)),
    "hand-over": (_hand_over, ("boundary beyond the run",)),
    "base rate overwritten": (_overwritten, ()),
    "no effect": (_no_effect, ("never changes", "base rate overwritten")),
    "not its lr": (_not_its_lr, ("rises", "no effect")),
    "above the stability limit": (_above, ()),
}
KINDS = tuple(_CHECKS)
