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
from functools import cached_property
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lrlib import decay
from lrlib.adaptive import UpdateRule, sgd
from lrlib.arguments import positive, whole
from lrlib.basics import regimes
from lrlib.explorer.hosts import LAB_MIME, host
from lrlib.plots import COLORS, STYLES, spread
from lrlib.schedules import Schedule
from lrlib.sweep import Runs, sweep
from lrlib.tasks import Task

REDRAW = 0.2  # seconds between two pictures while a model trains
MOST_STEPS = 1_000_000
FEWEST = 10  # steps below which a run gets no regime

RULES: dict[str, UpdateRule] = {
    "SGD": sgd(),
    "SGD, momentum 0.9": sgd(momentum=0.9),
}
#: Each makes a schedule from the rate on the slider and the number of steps.
SCHEDULES: dict[str, Callable[[float, int], Schedule]] = {
    "constant": lambda lr, steps: decay.constant(lr),
}


class Lab:
    """A panel that trains one model at a time on this kernel, while you watch.

    Displayed in a notebook it is a set of widgets: learning rate (a slider with a log
    scale), update rule, schedule, steps, seed, and buttons to train, stop and clear. On
    the website, where no kernel runs, it is a text that says what it would be.

    Args:
        task: what to train, such as ``tasks.digits()``.
        rules: the update rules to choose from, by name; by default SGD with and
            without momentum.
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
            low, high, _ = self.rates
            alt = (
                f"Here a notebook shows a panel that trains {self.task.name} before "
                f"your eyes. You set the learning rate, from {low:g} to {high:g}, the "
                f"update rule ({' / '.join(self.rules)}), the schedule "
                f"({' / '.join(SCHEDULES)}), the steps and the seed."
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
    """One curve of the picture."""

    label: str
    losses: NDArray[Any]
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
            description="Learning rate",
            readout_format=".3g",
            continuous_update=False,
            **_wide(),
        )
        self.rule = ipywidgets.Dropdown(
            options=list(self.lab.rules), description="Update rule", **_wide()
        )
        self.schedule = ipywidgets.Dropdown(
            options=list(SCHEDULES), description="Schedule", **_wide()
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
        schedule = SCHEDULES[self.schedule.value](rate, steps)
        number = self._started + 1
        label = f"{number}: lr = {rate:.3g}, {self.rule.value}, seed {seed}"
        rule = self.lab.rules[self.rule.value]
        self._tell(f"Training run {label}.")
        # A daemon, so that a long training doesn't hold back a kernel that shuts down.
        threading.Thread(
            target=self._work, args=(label, rule, schedule, steps, seed), daemon=True
        ).start()

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
        self, label: str, rule: UpdateRule, schedule: Schedule, steps: int, seed: int
    ) -> None:
        """The training, in its own thread, so that the Stop button can be heard."""
        losses: list[float] = []
        drawn = time.monotonic()

        def watch(step: int, now: NDArray[Any]) -> bool:
            nonlocal drawn
            losses.append(float(now[0]))
            if time.monotonic() - drawn >= REDRAW:
                self._show(label, losses)
                drawn = time.monotonic()
            return self._stop.is_set()

        try:
            runs = sweep(
                self.lab.task, rule, [schedule], steps, seeds=(seed,), callback=watch
            )
            self._finish(label, runs, steps)
        except Exception as error:
            # Nobody stands above a thread: the panel says it, and `error` keeps it.
            self.error = error
            self._tell(f"The training failed. {type(error).__name__}: {error}")
            self.chart.value = draw(self._lines, steps)
        finally:
            self.train_button.disabled = self.clear_button.disabled = False
            self.stop_button.disabled = True
            self._idle.set()

    def _finish(self, label: str, runs: Runs, steps: int) -> None:
        sentence = describe(label, runs, steps)
        self.runs.append(runs)
        self._show(label, runs.losses[0])
        self._lines.append(Line(label, runs.losses[0], self._started))
        self._started += 1
        self._tell(sentence)

    def _show(self, label: str, losses: list[float] | NDArray[Any]) -> None:
        """The picture so far: earlier runs, and this one on top of them."""
        line = Line(label, np.asarray(losses, dtype=float), self._started)
        self.progress.value = len(losses)
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
CHART_WIDTH, CHART_HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 58, 420, 34, 272
INK = "#222222"


def draw(lines: list[Line], steps: int) -> str:
    """Loss against step on a log axis, as an SVG: the last line solid, others thin.

    At most as many lines as there are styles, the newest ones. A loss that is too large
    or not finite leaves through the top.
    """
    lines = lines[-len(STYLES) :]
    low, high = _loss_range(lines)
    span = max([steps, *[len(line.losses) for line in lines]])

    def place(step: NDArray[Any], loss: NDArray[Any]) -> NDArray[Any]:
        share = (np.log10(loss.clip(low, high)) - low_log) / (high_log - low_log)
        x = LEFT + (RIGHT - LEFT) * step / max(span - 1, 1)
        return np.stack([x, BOTTOM - (BOTTOM - TOP) * share], axis=-1)

    low_log, high_log = math.log10(low), math.log10(high)
    parts = [_axes(low, high, span, lambda loss: place(np.zeros(1), np.array([loss])))]
    ends = []
    for line in lines:
        losses = np.where(np.isnan(line.losses), np.inf, line.losses)
        over = losses > high
        count = int(over.argmax()) + 1 if over.any() else len(losses)
        # More points than pixels cost bytes and show nothing.
        step = np.unique(np.linspace(0, count - 1, min(count, 300)).astype(int))
        points = place(step, losses[step])
        ends.append(points[-1][1])
        parts.append(_polyline(points, line.style, newest=line is lines[-1]))
    if lines:
        parts += _labels(lines, ends)
    alt = "Training loss against step, on a log axis. " + " ".join(
        f"{line.label}: {line.losses[-1]:.3g} at step {len(line.losses) - 1}."
        for line in lines
    )
    return (
        f'<svg role="img" aria-label="{html.escape(alt.strip())}" '
        f'viewBox="0 0 {CHART_WIDTH} {CHART_HEIGHT}" style="display:block;width:100%;'
        f"max-width:{CHART_WIDTH}px;height:auto;background:white;border-radius:8px;"
        f'font:16px sans-serif" fill="{INK}">{"".join(parts)}</svg>'
    )


def _loss_range(lines: list[Line]) -> tuple[float, float]:
    """What the loss axis shows: up to ten times the highest first loss."""
    values = np.concatenate([line.losses for line in lines] or [np.array([0.1, 1.0])])
    values = values[np.isfinite(values) & (values > 0)]
    starts = [line.losses[0] for line in lines if np.isfinite(line.losses[0])]
    if values.size and max(starts, default=0.0) > 0:
        values = values[values <= 10 * max(starts)]
    if not values.size:
        return 0.1, 1.0
    high = float(values.max())
    return max(float(values.min()), high * 1e-12) / 1.3, high * 1.3


def _axes(
    low: float, high: float, span: int, place: Callable[[float], NDArray[Any]]
) -> str:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [10.0**p for p in powers if low <= 10.0**p <= high]
    if len(ticks) < 2:
        ticks = [m * 10.0**p for p in powers for m in (1, 2, 5)]
        ticks = [tick for tick in ticks if low <= tick <= high]
    ticks = ticks[:: math.ceil(len(ticks) / 6) or 1]
    parts = [
        f'<text x="4" y="18">training loss</text>'
        f'<text x="{(LEFT + RIGHT) / 2}" y="{CHART_HEIGHT - 8}" '
        'text-anchor="middle">step</text>'
        f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="{INK}"/>'
    ]
    for tick in ticks:
        y = place(tick)[0, 1]
        parts.append(
            f'<path d="M{LEFT - 5} {y:.1f}h5" stroke="{INK}"/><text x="{LEFT - 8}" '
            f'y="{y + 5:.1f}" text-anchor="end">{tick:.3g}</text>'
        )
    for share in (0, 1):
        parts.append(
            f'<text x="{LEFT + (RIGHT - LEFT) * share}" y="{BOTTOM + 20}" '
            f'text-anchor="middle">{(span - 1) * share}</text>'
        )
    return "".join(parts)


DASHES = ("", "9 5", "9 4 2 4", "2 5", "14 5", "9 3 2 3 2 3")


def _polyline(points: NDArray[Any], style: int, *, newest: bool) -> str:
    color = COLORS[STYLES[style % len(STYLES)][0]]
    dashes = "" if newest else DASHES[style % len(DASHES)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{color}" '
        f'stroke-width="{3 if newest else 1.5}" stroke-dasharray="{dashes}"/>'
    )


def _labels(lines: list[Line], ends: list[float]) -> list[str]:
    """Number and rate of each run, as high as its line ends, none over another."""
    shares = [(BOTTOM - y) / (BOTTOM - TOP) for y in ends]
    heights = BOTTOM - (BOTTOM - TOP) * spread(shares, gap=0.085)
    parts = []
    for line, y in zip(lines, heights, strict=True):
        points = np.array([[RIGHT + 8, y], [RIGHT + 34, y]])
        parts.append(_polyline(points, line.style, newest=line is lines[-1]))
        text = html.escape(line.label.split(",")[0])
        parts.append(f'<text x="{RIGHT + 40}" y="{y + 5:.1f}">{text}</text>')
    return parts


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
