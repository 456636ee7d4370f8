"""The loops that people write around a scheduler of torch, and the rates they train at.

The same scheduler in five loops: called once an epoch, once a batch, before the
optimizer, twice an epoch, and on after the planned end.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from lrlib.arguments import positive, shown, whole
from lrlib.explorer.hosts import host

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


@dataclass(frozen=True, eq=False)
class Loops:
    """What each loop made of one scheduler; displays as a table.

    Attributes:
        rates: name of the loop to the rate of each update, ``[updates]``, float64.
        warned: name of the loop to whether torch warned.
        batches: updates in an epoch.
    """

    rates: dict[str, np.ndarray]
    warned: dict[str, bool]
    batches: int

    def __repr__(self) -> str:
        return "\n".join(
            f"{a:>22}  {b:<44}  {c:>9}  {d}" for a, b, c, d in self._rows()
        )

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        # Notebooks draw tables of Markdown; the website's renderer of outputs doesn't.
        table = self._as_html() if host() == "site" else self._as_markdown()
        return {"text/plain": repr(self), **table}

    def _as_markdown(self) -> dict[str, str]:
        head, *rows = self._rows()
        lines = [head, ("---", "---", "---", "---"), *rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return {"text/markdown": table}

    def _as_html(self) -> dict[str, str]:
        # A joiner that nobody sees: 1e-05 isn't broken at its hyphen.
        head, *rows = (
            tuple(escape(text).replace("e-", "e-&#8288;") for text in row)
            for row in self._rows()
        )
        cells = "".join(f'<th scope="col">{text}</th>' for text in head)
        lines = "".join(
            f'<tr><th scope="row">{name}</th>'
            + "".join(f"<td>{text}</td>" for text in others)
            + "</tr>"
            for name, *others in rows
        )
        # A phone scrolls it, also by keyboard.
        table = (
            '<div style="overflow-x:auto" role="region" tabindex="0" '
            'aria-label="One scheduler in five loops"><table class="table">'
            f"<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>"
        )
        return {"text/html": table}

    def _rows(self) -> Iterator[tuple[str, str, str, str]]:
        yield "scheduler.step()", "first update of each epoch", "last rate", "torch"
        for name, rates in self.rates.items():
            firsts = [f"{rate:.3g}" for rate in rates[:: self.batches]]
            shown = firsts if len(firsts) <= 6 else [*firsts[:4], "…", firsts[-1]]
            said = "warns" if self.warned[name] else "silent"
            yield name, ", ".join(shown), f"{rates[-1]:.3g}", said


def loops(
    scheduler: Callable[[Optimizer], LRScheduler],
    epochs: int,
    batches: int,
    lr: float = 1.0,
) -> Loops:
    """Step one scheduler in five ways, and record the rate of each update.

    Args:
        scheduler: makes the scheduler from its optimizer, such as
            ``lambda optimizer: StepLR(optimizer, step_size=2)``.
        epochs: how many the scheduler was planned for.
        batches: updates in an epoch.
        lr: the rate that the optimizer is built with.

    Returns:
        Loops: ``once an epoch``, as it is meant; ``once a batch``; ``before the
        optimizer``, once an epoch but at its start; ``twice an epoch``; and
        ``on after its end``, once an epoch for twice the epochs.

    Raises:
        TypeError, ValueError: an argument of another kind or out of range.
    """
    epochs = whole("epochs", epochs, at_least=1)
    batches = whole("batches", batches, at_least=1)
    lr = positive("lr", lr)
    if not callable(scheduler):
        raise TypeError(
            f"scheduler must be a function of the optimizer, got {shown(scheduler)}: "
            "write lambda optimizer: StepLR(optimizer, step_size=2)"
        )
    calls = {  # scheduler calls before an epoch, after each batch, after an epoch
        "once an epoch": (0, 0, 1),
        "once a batch": (0, 1, 0),
        "before the optimizer": (1, 0, 0),
        "twice an epoch": (0, 0, 2),
        "on after its end": (0, 0, 1),
    }
    rates, warned = {}, {}
    for name, places in calls.items():
        length = 2 * epochs if name == "on after its end" else epochs
        # The warning is the finding here: it is shown in the table.
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            rates[name] = _trained_at(scheduler, length, batches, lr, places)
        warned[name] = bool(caught)
    return Loops(rates, warned, batches)


def _trained_at(
    scheduler: Callable[[Optimizer], LRScheduler],
    epochs: int,
    batches: int,
    lr: float,
    calls: tuple[int, int, int],
) -> np.ndarray:
    """The rate of each update of a loop with the scheduler calls at these places."""
    import torch  # here, because it takes a second

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    made = scheduler(optimizer)
    before, each_batch, after = calls

    def step(times: int) -> None:
        for _ in range(times):
            made.step()

    rates = []
    for _ in range(epochs):
        step(before)
        for _ in range(batches):
            rates.append(float(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            step(each_batch)
        step(after)
    return np.array(rates)
