"""Exercises of lesson 5.7, A run you can trust."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Going on -------------------------------------------------------------------------


def resumed_rates(lr, start, stop, updates):
    import numpy as np
    import torch
    from torch.optim.lr_scheduler import LinearLR

    def made():
        weight = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=lr)
        return optimizer, LinearLR(optimizer, start, total_iters=8)

    def train(optimizer, scheduler, updates):
        rates = []
        for _ in range(updates):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return np.array(rates)

    def saved():
        optimizer, scheduler = made()
        train(optimizer, scheduler, stop)
        return optimizer.state_dict(), scheduler.state_dict()

    # Another process. It has made(), train(…), and the two states of saved().
    optimizer, scheduler = made()
    of_optimizer, of_scheduler = saved()
    optimizer.load_state_dict(of_optimizer)
    scheduler.load_state_dict(of_scheduler)
    return train(optimizer, scheduler, updates)


def _resumed(
    load: tuple[str, ...] = ("optimizer", "scheduler"),
    made_late: bool = False,
    last_epoch: Callable[[int], int] | None = None,
    more_steps: Callable[[int], int] = lambda stop: 0,
) -> Callable[..., Any]:
    """``resumed_rates`` that goes on in another way."""

    def answer(lr: float, start: float, stop: int, updates: int) -> Any:
        import torch
        from torch.optim.lr_scheduler import LinearLR

        def new_optimizer() -> Any:
            return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)

        def ramp(optimizer: Any, **options: Any) -> Any:
            return LinearLR(optimizer, start_factor=start, total_iters=8, **options)

        def train(updates: int) -> Any:
            rates = []
            for _ in range(updates):
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
            return np.array(rates)

        optimizer = new_optimizer()
        scheduler = ramp(optimizer)
        train(stop)
        states = optimizer.state_dict(), scheduler.state_dict()

        optimizer = new_optimizer()
        if not (made_late or last_epoch):
            scheduler = ramp(optimizer)
        if "optimizer" in load:
            optimizer.load_state_dict(states[0])
        if last_epoch:
            scheduler = ramp(optimizer, last_epoch=last_epoch(stop))
        elif made_late:
            scheduler = ramp(optimizer)
        if "scheduler" in load:
            scheduler.load_state_dict(states[1])
        train(more_steps(stop))
        return train(updates)

    return answer


def _one_early(lr: float, start: float, stop: int, updates: int) -> Any:
    return resumed_rates(lr, start, max(0, stop - 1), updates)


RESUMED_RATES = Exercise(
    name="practice/resumed_rates",
    text="""\
### Exercise: go on where the run stopped

Complete `resumed_rates(lr, start, stop, updates)`. A run with a linear warmup is
stopped; `saved()` returns the two states that are kept. Load them, so that the run goes
on as if it had never stopped.

- **Arguments:** `lr`, the rate after the warmup, and `start`, the factor of its first
  update, above 0 and below 1, two numbers; `stop`, the updates done before the stop, a
  whole number from 0 on; `updates`, how many more to do, a whole number from 1 on. No
  arrays come in.
- **Returns:** the rates of the next `updates` updates, a NumPy array.
- **Boundaries:** the first rate is that of update `stop`. With `stop = 0` it is
  `start * lr`. From update 8 on it is `lr`.
- **Units and time:** updates are counted from 0, one step of the scheduler after each.

Numbers count as right within a relative 1e-6.""",
    starter="""\
def resumed_rates(lr, start, stop, updates):
    import numpy as np
    import torch
    from torch.optim.lr_scheduler import LinearLR

    def made():
        weight = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=lr)
        return optimizer, LinearLR(optimizer, start, total_iters=8)

    def train(optimizer, scheduler, updates):
        rates = []
        for _ in range(updates):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return np.array(rates)

    def saved():
        optimizer, scheduler = made()
        train(optimizer, scheduler, stop)
        return optimizer.state_dict(), scheduler.state_dict()

    # Another process. It has made(), train(…), and the two states of saved().
    return ...""",
    hints=(
        "A new process has no optimizer and no scheduler. What builds both?",
        "Both objects have `load_state_dict`. Which of the two states is whose?",
        "Building a `LinearLR` changes the rate of its optimizer. So what comes first, "
        "building or loading?",
    ),
    solution=resumed_rates,
    cases=(
        (0.4, 0.25, 5, 6),
        (0.4, 0.25, 0, 4),
        (0.4, 0.25, 1, 3),
        (0.4, 0.25, 7, 3),
        (0.4, 0.25, 8, 3),
        (1.0, 0.1, 3, 10),
        (1e-3, 0.5, 2, 1),
        (0.1, 0.2, 30, 5),
    ),
    mistakes=(
        Mistake(
            _resumed(load=()),
            "The warmup starts over: what trains knows neither state. Nothing was "
            "loaded, or it was loaded into objects that were built again afterwards.",
        ),
        Mistake(
            _resumed(load=("scheduler",)),
            "The clock is right, the rate is not: it climbs from the first one. "
            "`LinearLR` multiplies the rate that it finds, and that is kept elsewhere.",
        ),
        Mistake(
            _resumed(load=("optimizer",)),
            "The first rate is right, then the warmup begins once more from there and "
            "climbs above `lr`. The scheduler's count is missing.",
        ),
        Mistake(
            _resumed(made_late=True),
            "All your rates are too small by the factor `start`: the scheduler was "
            "made after the optimizer's state came in, and lowered its rate again.",
        ),
        Mistake(
            _resumed(load=("optimizer",), made_late=True),
            "The first rate is too small by the factor `start`, and the clock is at 0: "
            "the scheduler was made on the loaded optimizer, and never loaded itself.",
        ),
        Mistake(
            _resumed(more_steps=lambda stop: 1),
            "You begin one update late: the state is already that after the last "
            "step of the scheduler.",
        ),
        Mistake(
            _resumed(more_steps=lambda stop: stop),
            "You do the first `stop` updates a second time. They are in the states.",
        ),
        Mistake(
            _resumed(load=("optimizer",), last_epoch=lambda stop: stop),
            "You gave `last_epoch=stop` instead of the scheduler's state. A scheduler "
            "takes a step when it is made, so its count is one too far.",
        ),
        Mistake(
            _resumed(load=("optimizer",), last_epoch=lambda stop: stop - 1),
            "Right for every `stop` but 0: there, `last_epoch=stop - 1` is -1, which "
            "means a new run, and the loaded rate is lowered once more.",
        ),
        Mistake(
            _resumed(load=("optimizer",), more_steps=lambda stop: stop),
            "You wind a new scheduler on by `stop` steps, over a rate that has them "
            "behind it. It keeps its count in a state of its own.",
        ),
        Mistake(
            _one_early,
            "You begin one update early: the state is that after `stop` updates, and "
            "the next one is update `stop`.",
        ),
    ),
)


# Five faults ----------------------------------------------------------------------


def faulty_line(fault):
    lines = {"unit": 9, "order": 15, "double step": 18, "mode": 19, "group": 5}
    return lines[fault]


def _lines(**others: int) -> Callable[[str], int]:
    """``faulty_line`` with other numbers for some faults."""

    def answer(fault: str) -> int:
        return int(others.get(fault.replace(" ", "_"), faulty_line(fault)))

    return answer


FAULTY_LINE = Exercise(
    name="practice/faulty_line",
    text="""\
### Exercise: five faults

This script runs without an error, and has five faulty lines. Its model has a body, a
head (a linear layer) and dropout; all of it should train, at two rates. The schedule
should count updates: one step after each, and one half wave over the whole run.

```text
 1  model = Net()
 2  optimizer = torch.optim.SGD(
 3      [
 4          {"params": model.body.parameters(), "lr": 0.01},
 5          {"params": [model.head.bias], "lr": 0.1},
 6      ],
 7      momentum=0.9,
 8  )
 9  scheduler = CosineAnnealingLR(optimizer, T_max=EPOCHS)
10  for epoch in range(EPOCHS):
11      model.train()
12      for x, y in batches:
13          loss = cross_entropy(model(x), y)
14          loss.backward()
15          optimizer.zero_grad()
16          optimizer.step()
17          scheduler.step()
18      scheduler.step()
19      model.train()
20      with torch.no_grad():
21          print(cross_entropy(model(x_val), y_val))
```

Write `faulty_line(fault)`: which line has this fault.

- **Arguments:** `fault`, a word: `"unit"` (a number counts the wrong thing), `"order"`
  (the line undoes the one above it), `"double step"` (one too many), `"mode"` (the
  model is in the wrong one for what follows), or `"group"` (a part of the model is in
  no group). No arrays come in.
- **Returns:** the number of the line, a whole number.
- **Boundaries:** each fault is in one line of its own; no other line needs a change.
- **Units and time:** lines are counted as printed, from 1.""",
    starter="def faulty_line(fault):\n    return ...",
    hints=(
        "With 20 batches an epoch and 5 epochs: how many updates are there, and after "
        "how many is the half wave over?",
        "Say for each line of the inner loop what `.grad` holds after it.",
        "Dropout should be on while the model trains, and off while it is judged.",
        "A linear layer has two parameters. Look for both.",
    ),
    solution=faulty_line,
    cases=(("unit",), ("order",), ("double step",), ("mode",), ("group",)),
    mistakes=(
        Mistake(
            _lines(unit=17),
            "Four are right. As for the unit: a step after each update is what the "
            "schedule should get. Which number does not fit to that?",
        ),
        Mistake(
            _lines(unit=10),
            "Four are right. As for the unit: a loop over epochs runs as many times as "
            "there are epochs. Where is the same number taken for something else?",
        ),
        Mistake(
            _lines(unit=18),
            "Four are right. A line that steps counts nothing wrong: it has another "
            "fault. Look for a number.",
        ),
        Mistake(
            _lines(double_step=17),
            "Four are right. Of the two steps of the scheduler one stands after each "
            "update, where it should be. The other is too many.",
        ),
        Mistake(
            _lines(unit=17, double_step=17),
            "You want the schedule to count epochs, then its unit would fit. But it "
            "should count updates.",
        ),
        Mistake(
            _lines(order=14),
            "Four are right. As for the order: the gradients are computed, as they "
            "should be. Then something happens to them.",
        ),
        Mistake(
            _lines(order=16),
            "Four are right. As for the order: the update is in its place. But "
            "what is in the gradients by then?",
        ),
        Mistake(
            _lines(order=17),
            "Four are right. As for the order: the scheduler comes after the "
            "optimizer, as it should. Look at the gradients.",
        ),
        Mistake(
            _lines(mode=11),
            "Four are right. As for the mode: what follows that line is "
            "training, and dropout belongs to it.",
        ),
        Mistake(
            _lines(mode=20),
            "Four are right. As for the mode: `no_grad` saves gradients and is in its "
            "place. It does not switch dropout off.",
        ),
        Mistake(
            _lines(mode=21),
            "Four are right. As for the mode: that line judges, as it should. Which "
            "line chose the mode that it does so in?",
        ),
        Mistake(
            _lines(group=2),
            "Four are right. As for the groups: the list that begins there has two. "
            "Which of them is not complete?",
        ),
        Mistake(
            _lines(group=4),
            "Four are right. As for the groups: the body is there as a whole. Is the "
            "head?",
        ),
        Mistake(
            _lines(group=1),
            "Four are right. As for the groups: the model has all its parts. Who "
            "hands them to the optimizer?",
        ),
        Mistake(
            lambda fault: faulty_line(fault) - 1,
            "You count lines from 0. They are counted as printed, from 1.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (RESUMED_RATES, FAULTY_LINE)
