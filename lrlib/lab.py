"""The live panel: choose a rate and a rule, train on this kernel, watch.

Only core ipywidgets are used, of version 7 or 8, because those every notebook front end
brings along. The curves are an inline SVG in an HTML widget: replaced in one piece, it
doesn't flicker, and a curve costs some kilobytes.
"""

import html
import math
import threading
import time
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lrlib import decay
from lrlib.adaptive import UpdateRule, sgd
from lrlib.arguments import positive, whole
from lrlib.basics import regimes
from lrlib.explorer.hosts import LAB_MIME, host
from lrlib.explorer.panels import format_number
from lrlib.plots import COLORS, STYLES, spread
from lrlib.schedules import Schedule, a_schedule
from lrlib.sweep import Runs, sweep
from lrlib.tasks import Task

REDRAW = 0.2  # seconds between two pictures while a model trains
MOST_STEPS = 1_000_000
FEWEST = 10  # steps below which a run gets no regime

RULES: dict[str, UpdateRule] = {
    "SGD": sgd(),
    "SGD, momentum 0.9": sgd(momentum=0.9),
}
#: Makes a schedule from the rate on the slider and the number of steps.
Maker = Callable[[float, int], Schedule]
#: Lengths are rounded up, so that no run ends with the first updates of a new stair or
#: cycle, and a run of one step has a schedule too.
SCHEDULES: dict[str, Maker] = {
    "constant": lambda lr, steps: decay.constant(lr),
    "step": lambda lr, steps: decay.step(lr, math.ceil(steps / 3)),
    "exponential": lambda lr, steps: decay.exponential(lr, 0.01 ** (1 / steps)),
    "linear": lambda lr, steps: decay.linear(lr, steps),
    "cosine": lambda lr, steps: decay.cosine(lr, steps),
    # Three cycles, of 1/7, 2/7 and 4/7 of the run.
    "restarts": lambda lr, steps: decay.cosine_restarts(lr, math.ceil(steps / 7), 2),
}


class Lab:
    """A panel that trains one model at a time on this kernel, while you watch.

    Displayed in a notebook it is a set of widgets: highest rate (a slider with a log
    scale), update rule, schedule, steps, seed, and buttons to train, stop and clear. It
    shows the rate and the loss of each run over its updates. On the website, where no
    kernel runs, it is a text that says what it would be.

    Args:
        task: what to train, such as ``tasks.digits()``.
        rules: the update rules to choose from, by name; by default SGD with and
            without momentum.
        schedules: the schedules to choose from, by name; each is a function that gets
            the rate on the slider and the number of steps, and returns a ``Schedule``.
            By default: constant; step (a tenth after each third of the run);
            exponential (to a hundredth); linear and cosine (to 0); restarts (three
            cosines, each twice as long as the one before). All of them start at the
            rate on the slider and never exceed it.
        rates: lowest and highest rate of the slider, and the one it starts at.
        steps: number of updates at the start, 1 to 1 000 000.
        seed: picks the initial values and the order of the batches.

    Attributes:
        panel: the live part (:class:`Panel`), made when first asked for. Its ``runs``
            are the finished trainings, to go on computing with.

    Raises:
        TypeError, ValueError: an argument of another kind or out of range.
    """

    def __init__(
        self,
        task: Task,
        *,
        rules: Mapping[str, UpdateRule] | None = None,
        schedules: Mapping[str, Maker] | None = None,
        rates: tuple[float, float, float] = (1e-4, 10.0, 0.1),
        steps: int = 200,
        seed: int = 0,
    ) -> None:
        if not isinstance(task, Task):
            raise TypeError(f"task must be a Task such as tasks.digits(), got {task!r}")
        self.task = task
        self.rules = _rules(RULES if rules is None else rules)
        self.rates = _rates(rates)
        self.steps = whole("steps", steps, at_least=1)
        if self.steps > MOST_STEPS:
            raise ValueError(f"steps must be at most {MOST_STEPS}, got {steps}")
        self.seed = whole("seed", seed, at_least=0)
        self.schedules = _schedules(
            SCHEDULES if schedules is None else schedules, self.rates[-1], self.steps
        )

    def __repr__(self) -> str:
        return (
            f"Lab({self.task.name}: choose a rate, a rule, a schedule, "
            "then train and watch)"
        )

    @cached_property
    def panel(self) -> "Panel":
        return Panel(self)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, Any]:
        if host() == "site":
            low, high = (format_number(rate, "g") for rate in self.rates[:2])
            alt = (
                f"Here a notebook shows a panel that trains “{self.task.name}” before "
                f"your eyes. You set the highest learning rate, from {low} to "
                f"{high}, the update rule ({' / '.join(self.rules)}), the schedule "
                f"({' / '.join(self.schedules)}), the steps and the seed."
            )
            place = {"task": str(self.task.name), "alt": alt}
            return {"text/plain": repr(self), LAB_MIME: place}
        # Spelled out, because ipywidgets 7 and 8 offer no common method for it.
        view = {
            "version_major": 2,
            "version_minor": 0,
            "model_id": self.panel.box.model_id,
        }
        return {
            "text/plain": repr(self),
            "application/vnd.jupyter.widget-view+json": view,
        }


class Line(NamedTuple):
    """One run in the picture."""

    label: str
    schedule: str
    losses: NDArray[Any]
    rates: NDArray[Any]
    style: int  # which of the course's line styles; a run keeps its own


class Panel:
    """The live part of a Lab: widgets, and the thread that trains.

    Attributes:
        rate, rule, schedule, steps, seed: the inputs; set ``.value`` to choose.
        train_button, stop_button, clear_button: ``.click()`` presses one.
        progress, chart, verdict: what the panel shows.
        box: all of it, as one widget.
        runs: the finished trainings, oldest first, each ``Runs`` of one row.
        error: the exception that ended the last training, or None.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.runs: list[Runs] = []
        self.error: Exception | None = None
        self._lines: list[Line] = []
        self._started = 0
        self._stop = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._make_inputs()
        self.train_button = ipywidgets.Button(
            description="Train", button_style="primary", tooltip="Train a new model"
        )
        self.stop_button = ipywidgets.Button(
            description="Stop", disabled=True, tooltip="End this training early"
        )
        self.clear_button = ipywidgets.Button(
            description="Clear", tooltip="Forget all runs"
        )
        self.train_button.on_click(lambda _: self.train())
        self.stop_button.on_click(lambda _: self.stop())
        self.clear_button.on_click(lambda _: self.clear())
        self.progress = ipywidgets.IntProgress(
            description="Progress", max=lab.steps, **_wide()
        )
        self.chart = ipywidgets.HTML(draw([], lab.steps))
        self.verdict = ipywidgets.HTML()
        self._tell("Choose a rate and press Train.")
        buttons = [self.train_button, self.stop_button, self.clear_button]
        self.box = ipywidgets.VBox(
            [
                *[self.rate, self.rule, self.schedule, self.steps, self.seed],
                ipywidgets.HBox(buttons),
                *[self.progress, self.chart, self.verdict],
            ]
        )

    def _make_inputs(self) -> None:
        low, high, start = self.lab.rates
        self.rate = ipywidgets.FloatLogSlider(
            value=start,
            min=math.log10(low),
            max=math.log10(high),
            step=0.01,
            description="Highest rate",
            readout_format=".3g",
            continuous_update=False,
            **_wide(),
        )
        self.rule = ipywidgets.Dropdown(
            options=list(self.lab.rules), description="Update rule", **_wide()
        )
        self.schedule = ipywidgets.Dropdown(
            options=list(self.lab.schedules), description="Schedule", **_wide()
        )
        self.steps = ipywidgets.BoundedIntText(
            value=self.lab.steps, min=1, max=MOST_STEPS, description="Steps", **_wide()
        )
        self.seed = ipywidgets.BoundedIntText(
            value=self.lab.seed,
            min=0,
            max=max(2**31 - 1, self.lab.seed),
            description="Seed",
            **_wide(),
        )

    @property
    def training(self) -> bool:
        """Whether a model trains now."""
        return not self._idle.is_set()

    def train(self) -> None:
        """Start a training with the inputs as they are now; returns at once.

        Raises:
            RuntimeError: one is already going on.
        """
        if self.training:
            raise RuntimeError("already training: press Stop, or wait until it is done")
        self._idle.clear()
        self._stop.clear()
        self.error = None
        self.train_button.disabled = self.clear_button.disabled = True
        self.stop_button.disabled = False
        self.progress.value, self.progress.max = 0, self.steps.value
        rate, steps, seed = self.rate.value, self.steps.value, self.seed.value
        rule, schedule = self.rule.value, self.schedule.value
        number = self._started + 1
        label = f"{number}: lr = {rate:.3g}, {schedule}, {rule}, seed {seed}"
        self._tell(f"Training run {label}.")
        line = partial(Line, label, schedule, style=self._started)
        plan = partial(self.lab.schedules[schedule], rate, steps)
        arguments = (line, self.lab.rules[rule], plan, steps, seed)
        # A daemon, so that a long training doesn't hold back a kernel that shuts down.
        threading.Thread(target=self._work, args=arguments, daemon=True).start()

    def stop(self) -> None:
        """End the training after the update it is at; what it has done is kept."""
        self._stop.set()

    def clear(self) -> None:
        """Forget all runs.

        Raises:
            RuntimeError: a model trains now.
        """
        if self.training:
            raise RuntimeError("still training: press Stop, or wait until it is done")
        self.runs.clear()
        self._lines.clear()
        self._started = 0
        self.error = None
        self.progress.value = 0
        self.chart.value = draw([], self.steps.value)
        self._tell("Choose a rate and press Train.")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the training to end, at most ``timeout`` seconds; True if it has."""
        return self._idle.wait(timeout)

    def _work(
        self,
        line: Callable[..., Line],
        rule: UpdateRule,
        plan: Callable[[], Schedule],
        steps: int,
        seed: int,
    ) -> None:
        """The training, in its own thread, so that the Stop button can be heard."""
        losses: list[float] = []
        drawn = time.monotonic()

        def watch(step: int, now: NDArray[Any]) -> bool:
            nonlocal drawn
            losses.append(float(now[0]))
            if time.monotonic() - drawn >= REDRAW:
                self._show(line(losses=np.array(losses), rates=rates[: len(losses)]))
                drawn = time.monotonic()
            return self._stop.is_set()

        try:
            schedule = a_schedule("schedule", plan())
            rates = schedule(np.arange(steps))
            runs = sweep(
                self.lab.task, rule, [schedule], steps, seeds=(seed,), callback=watch
            )
            self._finish(line(losses=runs.losses[0], rates=runs.rates[0]), runs, steps)
        except Exception as error:
            # Nobody stands above a thread: the panel says it, and `error` keeps it.
            self.error = error
            self._tell(f"The training failed. {type(error).__name__}: {error}")
            self.chart.value = draw(self._lines, steps)
        finally:
            self.train_button.disabled = self.clear_button.disabled = False
            self.stop_button.disabled = True
            self._idle.set()

    def _finish(self, line: Line, runs: Runs, steps: int) -> None:
        sentence = describe(line.label, runs, steps)
        self.runs.append(runs)
        self._show(line)
        self._lines.append(line)
        self._started += 1
        self._tell(sentence)

    def _show(self, line: Line) -> None:
        """The picture so far: earlier runs, and this one on top of them."""
        self.progress.value = len(line.losses)
        self.chart.value = draw([*self._lines, line], self.progress.max)

    def _tell(self, sentence: str) -> None:
        # An HTML widget replaces its content, and only an alert is read out when it
        # arrives as a whole.
        self.verdict.value = f'<p role="alert">{html.escape(sentence)}</p>'


def describe(label: str, runs: Runs, steps: int) -> str:
    """The verdict on one run, in words."""
    done = runs.losses.shape[1]
    regime = regimes(runs)[0] if done >= FEWEST else "too short to name its regime"
    words = f"Run {label}: {regime}."
    if done < steps:
        words += f" Stopped after {done} of {steps} steps."
    final, broke = float(runs.final_losses(FEWEST)[0]), ~np.isfinite(runs.losses[0])
    if broke.any():
        return f"{words} The loss was no longer finite at step {int(broke.argmax())}."
    words += f" Mean loss of the last {min(FEWEST, done)} steps: {final:.3g}."
    return f"{words} Held-out loss: {runs.validation[0, -1]:.3g}."


# The picture is drawn in the units of an SVG of this size, which the page may shrink.
CHART_WIDTH, CHART_HEIGHT = 560, 456
LEFT, RIGHT = 58, 400
RATE_TOP, RATE_BOTTOM = 30, 140
TOP, BOTTOM = 182, 408
INK = "#222222"
LINE_HEIGHT = 20


def draw(lines: list[Line], steps: int) -> str:
    """Rate and loss against step, as an SVG: the last line solid, others thin.

    At most as many lines as there are styles, the newest ones. A loss that is too large
    or not finite leaves through the top.
    """
    lines = lines[-len(STYLES) :]
    span = max([steps, *[len(line.losses) for line in lines]])
    rate, loss = _rate_frame(lines), _loss_frame(lines)
    losses, rates = [], []
    for line in lines:
        finite = np.where(np.isnan(line.losses), np.inf, line.losses)
        over = finite > loss.high
        count = int(over.argmax()) + 1 if over.any() else len(finite)
        losses.append(loss.points(finite[:count], span))
        rates.append(_corners(rate.points(line.rates, span)))
    parts = [loss.axes(), rate.axes(), _step_axis(span)]
    if lines:
        parts += _curves(loss, lines, losses, [x.label.split(",")[0] for x in lines])
        names = [f"{x.style + 1}: {_shortened(x.schedule)}" for x in lines]
        parts += _curves(rate, lines, rates, names)
    return (
        f'<svg role="img" aria-label="{html.escape(_alt(lines, rate))}" '
        f'viewBox="0 0 {CHART_WIDTH} {CHART_HEIGHT}" style="display:block;width:100%;'
        f"max-width:{CHART_WIDTH}px;height:auto;background:white;border-radius:8px;"
        f'font:16px sans-serif" fill="{INK}">{"".join(parts)}</svg>'
    )


class Frame(NamedTuple):
    """One of the two diagrams: what its axis shows, and where it lies."""

    title: str
    low: float
    high: float
    log: bool
    top: int
    bottom: int

    def height(self, values: NDArray[Any] | float) -> NDArray[Any]:
        low, high, inside = self.low, self.high, np.clip(values, self.low, self.high)
        if self.log:
            low, high, inside = math.log10(low), math.log10(high), np.log10(inside)
        share: NDArray[Any] = (inside - low) / (high - low)
        return self.bottom - (self.bottom - self.top) * share

    def points(self, values: NDArray[Any], span: int) -> NDArray[Any]:
        # More points than pixels cost bytes and show nothing.
        count = len(values)
        step = np.unique(np.linspace(0, count - 1, min(count, 300)).astype(int))
        x = LEFT + (RIGHT - LEFT) * step / max(span - 1, 1)
        return np.stack([x, self.height(values[step])], axis=-1)

    def ticks(self) -> list[float]:
        if not self.log:
            unit = 10.0 ** math.floor(math.log10(self.high / 2))
            step = next(m * unit for m in (1, 2, 5, 10) if self.high <= 3.5 * m * unit)
            return [float(tick) for tick in np.arange(0, self.high, step)]
        low, high = math.log10(self.low), math.log10(self.high)
        powers = range(math.floor(low), math.ceil(high) + 1)
        ticks = [10.0**p for p in powers if self.low <= 10.0**p <= self.high]
        if len(ticks) < 2:
            ticks = [m * 10.0**p for p in powers for m in (1, 2, 5)]
            ticks = [tick for tick in ticks if self.low <= tick <= self.high]
        most = (self.bottom - self.top) // 35
        return ticks[:: math.ceil(len(ticks) / most) or 1]

    def axes(self) -> str:
        parts = [
            f'<text x="4" y="{self.top - 14}">{self.title}</text>'
            f'<path d="M{LEFT} {self.top}V{self.bottom}H{RIGHT}" fill="none" '
            f'stroke="{INK}"/>'
        ]
        for tick in self.ticks():
            y = self.height(tick)
            parts.append(
                f'<path d="M{LEFT - 5} {y:.1f}h5" stroke="{INK}"/><text '
                f'x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{tick:.3g}</text>'
            )
        return "".join(parts)


def _loss_frame(lines: list[Line]) -> Frame:
    """A log axis, up to ten times the highest first loss."""
    values = np.concatenate([line.losses for line in lines] or [np.array([0.1, 1.0])])
    values = values[np.isfinite(values) & (values > 0)]
    starts = [line.losses[0] for line in lines if np.isfinite(line.losses[0])]
    if values.size and max(starts, default=0.0) > 0:
        values = values[values <= 10 * max(starts)]
    low, high = 0.1, 1.0
    if values.size:
        high = 1.3 * float(values.max())
        low = max(float(values.min()) / 1.3, high * 1e-12)
    return Frame("training loss", low, high, True, TOP, BOTTOM)


def _rate_frame(lines: list[Line]) -> Frame:
    """An axis from 0; where that would hide the smallest run, a log axis instead.

    The log axis ends a little below a hundredth of the lowest of the highest rates:
    what falls further leaves through the bottom.
    """
    highest = [line.rates.max() for line in lines if line.rates.max() > 0] or [1.0]
    low, high = min(highest), max(highest)
    log = bool(high > 20 * low)
    if log:
        return Frame("learning rate", low / 150, high * 1.5, log, RATE_TOP, RATE_BOTTOM)
    return Frame("learning rate", 0.0, high * 1.05, log, RATE_TOP, RATE_BOTTOM)


def _corners(points: NDArray[Any]) -> NDArray[Any]:
    """The points without those inside a horizontal stretch."""
    moves = np.diff(points[:, 1]) != 0
    before, after = np.append(True, moves), np.append(moves, True)
    return points[before | after]


def _step_axis(span: int) -> str:
    parts = [
        f'<text x="{(LEFT + RIGHT) / 2}" y="{CHART_HEIGHT - 8}" '
        'text-anchor="middle">step</text>'
    ]
    for share in (0, 1):
        parts.append(
            f'<text x="{LEFT + (RIGHT - LEFT) * share}" y="{BOTTOM + 20}" '
            f'text-anchor="middle">{(span - 1) * share}</text>'
        )
    return "".join(parts)


def _alt(lines: list[Line], rate: Frame) -> str:
    losses = [
        f"{line.label}: {line.losses[-1]:.3g} at step {len(line.losses) - 1}."
        for line in lines
    ]
    rates = [
        f"{line.style + 1}, {line.schedule}: from {line.rates[0]:.3g} to "
        f"{line.rates[-1]:.3g}."
        for line in lines
    ]
    axis = "on a log axis" if rate.log else "on an axis from 0"
    words = ["Training loss against step, on a log axis.", *losses]
    return " ".join([*words, f"Learning rate against step, {axis}.", *rates])


DASHES = ("", "9 5", "9 4 2 4", "2 5", "14 5", "9 3 2 3 2 3")


def _polyline(points: NDArray[Any], style: int, *, newest: bool) -> str:
    color = COLORS[STYLES[style % len(STYLES)][0]]
    dashes = "" if newest else DASHES[style % len(DASHES)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{color}" '
        f'stroke-width="{3 if newest else 1.5}" stroke-dasharray="{dashes}"/>'
    )


def _curves(
    frame: Frame, lines: list[Line], curves: list[NDArray[Any]], names: list[str]
) -> list[str]:
    """The curves, and each one's name as high as it ends, none over another."""
    size = frame.bottom - frame.top
    shares = [(frame.bottom - curve[-1, 1]) / size for curve in curves]
    heights = frame.bottom - size * spread(shares, gap=LINE_HEIGHT / size)
    parts, keys = [], []
    for line, curve, name, y in zip(lines, curves, names, heights, strict=True):
        newest = line is lines[-1]
        parts.append(_polyline(curve, line.style, newest=newest))
        key = np.array([[RIGHT + 8, y], [RIGHT + 34, y]])
        keys.append(_polyline(key, line.style, newest=newest))
        words = html.escape(name)
        keys.append(f'<text x="{RIGHT + 40}" y="{y + 5:.1f}">{words}</text>')
    return parts + keys


def _shortened(name: str) -> str:
    """As many letters as there is room for."""
    return name if len(name) <= 12 else f"{name[:11]}…"


def _wide() -> dict[str, Any]:
    """An input as wide as the panel, its label never cut off."""
    return {
        "style": {"description_width": "8em"},
        "layout": ipywidgets.Layout(width="100%", max_width="560px"),
    }


def _rules(rules: Mapping[str, UpdateRule]) -> dict[str, UpdateRule]:
    if not isinstance(rules, Mapping) or not rules:
        raise ValueError(
            f"rules must map at least one name to an update rule, got {rules!r}: "
            'write rules={"SGD": adaptive.sgd()}'
        )
    for name, rule in rules.items():
        if not isinstance(name, str) or not isinstance(rule, UpdateRule):
            raise TypeError(
                f"rules must map names to update rules, got {name!r}: {rule!r}; "
                'write rules={"SGD": adaptive.sgd()}'
            )
    return dict(rules)


def _schedules(
    schedules: Mapping[str, Maker], lr: float, steps: int
) -> dict[str, Maker]:
    remedy = 'write schedules={"cosine": lambda lr, steps: decay.cosine(lr, steps)}'
    if not isinstance(schedules, Mapping) or not schedules:
        raise ValueError(
            "schedules must map at least one name to a function of (lr, steps), got "
            f"{schedules!r}: {remedy}"
        )
    for name, make in schedules.items():
        if not isinstance(name, str) or not callable(make):
            raise TypeError(
                "schedules must map names to functions of (lr, steps), got "
                f"{name!r}: {make!r}; {remedy}"
            )
        try:
            schedule = make(lr, steps)
        except Exception as error:
            raise ValueError(
                f"schedules[{name!r}] failed for lr={lr:g} and steps={steps} with "
                f"{type(error).__name__}: {error}; {remedy}"
            ) from error
        if not isinstance(schedule, Schedule):
            raise TypeError(
                f"schedules[{name!r}] must return a Schedule, got {schedule!r}; "
                f"{remedy}"
            )
    return dict(schedules)


def _rates(rates: tuple[float, float, float]) -> tuple[float, float, float]:
    if not isinstance(rates, tuple | list) or len(rates) != 3:
        raise ValueError(f"rates must be (lowest, highest, start), got {rates!r}")
    low, high, start = (positive("rates", rate) for rate in rates)
    if not (low < high and low <= start <= high):
        raise ValueError(
            f"rates must be (lowest, highest, start) with the start between the other "
            f"two, got {rates!r}"
        )
    return low, high, start
