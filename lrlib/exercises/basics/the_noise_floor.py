"""Exercises of lesson 1.4, The noise floor."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

from lrlib.exercises.engine import Exercise, Mistake

# The noise floor --------------------------------------------------------------------


def noise_floor(lr, h, sigma, batch_size):
    shrink = (1 - lr * h) ** 2
    fresh = (lr * sigma) ** 2 / batch_size
    return fresh / (1 - shrink)


def _balanced_after(updates: int) -> Any:
    """The floor by going through so many updates from the lowest point."""

    def answer(lr: float, h: float, sigma: float, batch_size: int) -> float:
        squared = 0.0
        for _ in range(updates):
            squared = (1 - lr * h) ** 2 * squared + (lr * sigma) ** 2 / batch_size
        return squared

    return answer


NOISE_FLOOR = Exercise(
    name="basics/noise_floor",
    text="""\
### Exercise: how low does it get?

SGD with a constant rate walks on the parabola `h/2 * x**2`. The gradient of a
single example is `h * x` plus noise; an update uses the mean gradient of
`batch_size` examples. Write `noise_floor(lr, h, sigma, batch_size)`: the mean of
`x**2` after very many updates.

- **Arguments:** `lr`, the rate, above 0 and below `2 / h`; `h`, the curvature,
  and `sigma`, the standard deviation of the noise of *one* example, above 0;
  `batch_size`, a whole number from 1. Single numbers, no arrays.
- **Returns:** the mean of `x**2`, one number above 0. Neither its root nor the
  loss.
- **Boundaries:** it goes to 0 as `lr` does, and grows beyond every limit as `lr`
  comes near `2 / h`. Larger rates are not tried.
- **Units and time:** in the unit of `x`, squared; after many updates, so no `t`.

The number counts as right within a relative 1e-6.""",
    starter="def noise_floor(lr, h, sigma, batch_size):\n    return ...",
    hints=(
        "One update multiplies `x` by a number and adds fresh noise. What does it do "
        "to the mean of `x**2`? The two parts don't know each other, so their "
        "squares add up.",
        "How large is the fresh part? The variance of the mean of several noisy "
        "numbers is that of one number, divided by how many there are. Then the rate "
        "multiplies the noise before it is squared.",
        "At the floor, one more update leaves the mean of `x**2` as it is. Write that "
        "as an equation and solve it.",
        "With `lr = 0.5`, `h = 1`, `sigma = 1` and one example the floor is a third.",
    ),
    solution=noise_floor,
    cases=(
        (0.5, 1.0, 1.0, 1),
        (0.5, 1.0, 1.0, 10),
        (0.05, 1.0, 1.0, 1),
        (0.5, 2.0, 1.0, 1),  # lr * h = 1: all that was there is forgotten
        (0.1, 3.0, 2.0, 4),
        (0.02, 0.5, 0.3, 32),
        (0.19, 10.0, 1.5, 2),  # near the limit
        (1.999, 1.0, 1.0, 1),
        (1e-4, 4.0, 5.0, 1),
    ),
    mistakes=(
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (h * (2 - lr * h)),
            "Your floor is the same for every batch size. Averaging more examples "
            "makes the noise smaller.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size**0.5 * (2 - lr * h))
            ),
            "The noise of a batch has the standard deviation `sigma` divided by the "
            "root of the batch size. Here its square is needed.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size**2 * (2 - lr * h))
            ),
            "Your floor falls with the square of the batch size. Four examples halve "
            "the noise, so they quarter its square.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 * batch_size / (h * (2 - lr * h))
            ),
            "Your floor rises with the batch size. The gradients are averaged, not "
            "added up.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma / (h * batch_size * (2 - lr * h))
            ),
            "Twice the noise should give four times the mean square: `sigma` enters "
            "as a square.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                (lr * sigma) ** 2 / (h * batch_size * (2 - lr * h))
            ),
            "Your floor falls too fast with the rate. Fresh noise enters with the "
            "square of `lr`, but a small rate also takes longer to forget the old "
            "noise.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (lr * sigma) ** 2 / batch_size,
            "That is what one update adds. The noise of the updates before it has "
            "not been forgotten yet.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (lr * sigma) ** 2,
            "That is what one update adds with a single example. The earlier "
            "updates and the batch size are missing.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (2 * batch_size),
            "Your floor is the same for every curvature. A steeper parabola pulls "
            "harder towards its lowest point.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (batch_size * (2 - lr)),
            "Your floor is the same for every curvature: it is right where `h = 1`. "
            "A steeper parabola pulls harder.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (batch_size * (2 - lr * h))
            ),
            "Your floor doesn't fall as the curvature grows. Divide your equation by "
            "everything that multiplies the unknown; one factor got lost.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 * h / (batch_size * (2 - lr * h))
            ),
            "Your floor rises with the curvature, as if the walls pushed outwards. "
            "They pull the walker back.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (2 * h * batch_size),
            "That is the floor for very small rates. Near the stability limit the "
            "walker swings ever wider, and your number stays calm: a term with `lr` "
            "and `h` is missing.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (h * batch_size),
            "You let an update shrink `x**2` by the factor that shrinks `x`. A square "
            "shrinks by that factor's square.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size * (2 + lr * h))
            ),
            "Near the limit `2 / h` your floor stays low, but there the swings grow "
            "without end. Look at a sign.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size * (2 - lr))
            ),
            "Your floor grows without end as `lr` comes near 2, whatever the "
            "curvature. The limit is `2 / h`.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (2 * batch_size * (2 - lr * h))
            ),
            "That is the floor of the loss, `h/2` times what is asked for.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                (lr * sigma**2 / (h * batch_size * (2 - lr * h))) ** 0.5
            ),
            "That is the width of the cloud, in the unit of `x`. The mean of its "
            "square is asked for.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: sigma**2 / (h**2 * batch_size),
            "Your floor is the same for every rate. That is how far the lowest point "
            "of a batch lies from the true one; the walker follows it only in part.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: 0.0,
            "Without noise it would get there. Each update adds fresh noise, so the "
            "mean of `x**2` stays above 0.",
        ),
        *(
            Mistake(
                _balanced_after(updates),
                f"After {updates} updates the mean of `x**2` is still growing for some "
                "of the rates: the smaller the rate, the longer it takes. Look for "
                "the value where it stays.",
            )
            for updates in (10, 100, 1000)
        ),
    ),
)


# Which probe decides ----------------------------------------------------------------


def which_probe():
    return 4


WHICH_PROBE = Exercise(
    name="basics/which_probe",
    text="""\
### Exercise: which probe decides?

The training loss has been flat for 500 updates, and it jitters. Two explanations
are left. Either the rate is too large: the run sits on its noise floor. Or it is
too small: the run creeps, and the jitter hides it. You kept a checkpoint. Which
single probe tells the two apart within a few hundred updates?

1. Go on at this rate, for ten times as many epochs (passes over the data).
2. Smooth the curve that you have, over a longer window.
3. Measure how strongly the loss jitters.
4. Go on from the checkpoint with a tenth of the rate.
5. Start again with another seed, at this rate.
6. Compare the training loss with the loss on data kept out of the training.

Put its number into `which_probe`.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one whole number, not an array.
- **Boundaries:** 1 to 6; exactly one of them decides.
- **Units and time:** the number in the list; no `t` takes part.""",
    starter="which_probe = ...",
    hints=(
        "A probe decides if the two explanations predict different things for it. For "
        "each item, write down both predictions.",
        "What does the noise floor depend on, apart from the noise and the curvature? "
        "Which of the probes changes that?",
        "On the floor one thing makes the loss fall almost at once. The same thing "
        "makes a creeping run creep even more slowly.",
    ),
    solution=which_probe,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 1,
            "More epochs at the same rate change nothing about a floor, and a run "
            "that creeps slowly enough looks flat after them too. You would have "
            "paid tenfold and still not know.",
        ),
        Mistake(
            lambda: 2,
            "Smoothing takes the jitter out of the picture, not out of the run. Both "
            "explanations predict a smooth line that is flat over 500 updates.",
        ),
        Mistake(
            lambda: 3,
            "The loss of a batch jitters because each batch holds other examples, "
            "even where the parameters stand still. Both explanations predict "
            "jitter.",
        ),
        Mistake(
            lambda: 5,
            "Another seed draws other noise, and the same rate meets the same fate: "
            "flat again, under both explanations.",
        ),
        Mistake(
            lambda: 6,
            "That comparison tells about over-fitting. A run on its floor and a run "
            "that creeps can have the same gap.",
        ),
        Mistake(
            lambda: 0,
            "The list begins at 1: the numbers are those of the text, not Python's.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    NOISE_FLOOR,
    WHICH_PROBE,
)
