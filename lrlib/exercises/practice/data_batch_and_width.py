"""Exercises of the lesson data-batch-and-width."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lrlib.exercises.engine import Exercise, Mistake

# A new batch size -------------------------------------------------------------------


def scaled_lr(lr, batch, new_batch, optimizer, limit):
    times = new_batch / batch
    if optimizer == "adam":
        times = times**0.5
    return lr * times if lr * times < limit else -1


def _ruled(
    sgd: Callable[[float], float] = lambda ratio: ratio,
    adam: Callable[[float], float] = lambda ratio: ratio**0.5,
    bounded: Callable[[float, float], float] = (
        lambda rate, limit: rate if rate < limit else -1
    ),
) -> Callable[..., float]:
    """An answer with other rules, or another treatment of the limit."""

    def answer(lr, batch, new_batch, optimizer, limit):
        rule = adam if optimizer == "adam" else sgd
        return bounded(lr * rule(new_batch / batch), limit)

    return answer


def _old_if_beyond(lr, batch, new_batch, optimizer, limit):
    rate = scaled_lr(lr, batch, new_batch, optimizer, limit)
    return lr if rate == -1 else rate


def _root_if_beyond(lr, batch, new_batch, optimizer, limit):
    rate = scaled_lr(lr, batch, new_batch, optimizer, limit)
    if rate == -1 and optimizer == "sgd":
        return scaled_lr(lr, batch, new_batch, "adam", limit)
    return rate


def _limit_of_sgd_alone(lr, batch, new_batch, optimizer, limit):
    beyond = 1e99 if optimizer == "adam" else limit
    return scaled_lr(lr, batch, new_batch, optimizer, beyond)


SCALED_LR = Exercise(
    name="practice/scaled_lr",
    text="""\
### Exercise: a new batch size

A rate was tuned at one batch size. Write
`scaled_lr(lr, batch, new_batch, optimizer, limit)`: the rate to begin the search with
at another one, by the usual rule for this optimizer.

- **Arguments:** `lr`, above 0, the rate tuned at `batch` examples; `batch` and
  `new_batch`, whole numbers from 1; `optimizer`, `"sgd"` or `"adam"`; `limit`, the
  smallest rate known to diverge, the same for every batch size, and above `lr`.
- **Returns:** one number, the scaled rate; -1 where the rule has come to its end.
- **Boundaries:** the rule has come to its end where the scaled rate is `limit` or
  more. The new batch may be the smaller one; the same batch keeps its rate.
- **Units and time:** batches count examples; the rate is constant, so no `t`. All are
  single numbers, no arrays.

Numbers count as right within a relative 1e-6.""",
    starter="def scaled_lr(lr, batch, new_batch, optimizer, limit):\n    return ...",
    hints=(
        "By how many times does the batch grow? One optimizer takes that number as it "
        "is, the other its root.",
        "Which of the two divides its gradient by a root of squares, so that the noise "
        "of a batch enters in that way?",
        "Work out the scaled rate first, and compare it, not the old one, with the "
        "limit.",
    ),
    solution=scaled_lr,
    cases=(
        (0.02, 1, 16, "sgd", 2.0),
        (0.001, 64, 1024, "adam", 0.1),
        (0.1, 256, 64, "sgd", 2.0),
        (0.004, 256, 64, "adam", 0.1),
        (0.3, 32, 48, "sgd", 2.0),
        (0.003, 32, 48, "adam", 0.1),
        (0.03, 1, 225, "sgd", 2.0),  # beyond the limit; its root would not be
        (0.5, 8, 32, "sgd", 2.0),  # at the limit itself
        (0.05, 16, 64, "adam", 0.1),  # at the limit itself
        (0.05, 4, 64, "adam", 0.1),  # beyond it
        (0.05, 32, 32, "sgd", 2.0),
        (0.05, 32, 32, "adam", 0.1),
        (0.1, 50, 24, "sgd", 0.5),
    ),
    mistakes=(
        Mistake(
            _ruled(adam=lambda ratio: ratio),
            "You scale linearly for Adam, too. That is the rule of SGD: at 16 times "
            "the batch it makes Adam's rate four times too large.",
        ),
        Mistake(
            _ruled(sgd=lambda ratio: ratio**0.5),
            "You take the root for SGD, too. That is the rule of Adam.",
        ),
        Mistake(
            _ruled(sgd=lambda ratio: ratio**0.5, adam=lambda ratio: ratio),
            "The two rules have changed places.",
        ),
        Mistake(
            _ruled(sgd=lambda r: 1 / r, adam=lambda r: r**-0.5),
            "Yours lowers the rate for a larger batch. Its gradient is less noisy, and "
            "there are fewer updates: it wants a larger one.",
        ),
        Mistake(
            _ruled(adam=lambda ratio: ratio**2),
            "For Adam you take the square in place of the root.",
        ),
        Mistake(
            _ruled(sgd=lambda r: 1.0, adam=lambda r: 1.0),
            "Your rate is the old one at every batch size.",
        ),
        Mistake(
            _ruled(adam=lambda ratio: 1.0),
            "For Adam you keep the rate as it is. Its steps don't grow with the "
            "gradient, but their noise still falls with the batch.",
        ),
        Mistake(
            _ruled(lambda r: max(r, 1.0), lambda r: max(r, 1.0) ** 0.5),
            "Yours never lowers a rate. A smaller batch is noisier, and the rules work "
            "in both directions.",
        ),
        Mistake(
            lambda lr, batch, new_batch, optimizer, limit: _ruled()(
                lr, 1, new_batch, optimizer, limit
            ),
            "`batch` takes no part: you scale as if the rate had been tuned at a batch "
            "of one example.",
        ),
        Mistake(
            _ruled(lambda r: r // 1, lambda r: (r // 1) ** 0.5),
            "You divide the batch sizes with `//`, which drops the fraction: half a "
            "batch becomes none.",
        ),
        Mistake(
            lambda lr, batch, new_batch, optimizer, limit: _ruled(
                bounded=lambda rate, most: (
                    (rate**0.5 if optimizer == "adam" else rate)
                    if (rate**0.5 if optimizer == "adam" else rate) < most
                    else -1
                ),
                adam=lambda r: r,
            )(lr, batch, new_batch, optimizer, limit),
            "For Adam you take the root of the scaled rate, and with it that of `lr`. "
            "Only the ratio of the batches stands under the root.",
        ),
        Mistake(
            _ruled(bounded=lambda rate, limit: rate),
            "You scale beyond `limit`: a rate that is known to diverge comes back. The "
            "limit doesn't move with the batch.",
        ),
        Mistake(
            _ruled(bounded=lambda rate, limit: rate if rate <= limit else -1),
            "You hand back a rate that equals `limit`, and at the limit itself runs "
            "are known to diverge.",
        ),
        Mistake(
            _ruled(bounded=min),
            "Where the rule ends you hand back the limit, at which runs diverge.",
        ),
        Mistake(
            _old_if_beyond,
            "Where the rule ends you hand back the old rate, which says that it is "
            "the one to use. Say that the rule has no answer.",
        ),
        Mistake(
            _ruled(bounded=lambda rate, limit: rate if rate < limit else 0),
            "Where the rule ends you hand back 0, a rate at which nothing learns. "
            "-1 is asked for, which can't be taken for a rate.",
        ),
        Mistake(
            _root_if_beyond,
            "Where SGD's rule ends you change to Adam's. Say that the rule has no "
            "answer, as the text asks.",
        ),
        Mistake(
            _limit_of_sgd_alone,
            "For Adam you don't look at `limit`. Its rates can diverge as well.",
        ),
        Mistake(
            lambda lr, batch, new_batch, optimizer, limit: _ruled()(
                1.0, batch, new_batch, optimizer, limit / lr
            ),
            "That is the factor. The rate is asked for: `lr` has to be in it.",
        ),
    ),
)


# A rare class -----------------------------------------------------------------------


def rare_class():
    return 4


RARE_CLASS = Exercise(
    name="practice/rare_class",
    text="""\
### Exercise: the rare class

A model reads payments, of which 2% are fraud. It was trained without weights, and its
loss has been flat for many epochs. Its outputs are good probabilities: 19 of 20 frauds
have one above 0.02, and so have few of the others. But it calls fraud what is above
0.5, and finds half of the frauds. A missed fraud costs as much as 49 false alarms. You
have a minute until tonight's payments come. What do you change?

1. Train once more, from the start, with a tenth of the rate.
2. Train with a tenth of the rate, for ten times as many updates.
3. Train once more with ten times the rate.
4. Call fraud what has a probability above 0.02.
5. Report the accuracy, which is 99%.
6. Train once more with ten times the batch, at the same rate.

Put its number into `rare_class`.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one whole number, not an array.
- **Boundaries:** 1 to 6; exactly one of them is the answer.
- **Units and time:** the number in the list; no `t` takes part.""",
    starter="rare_class = ...",
    hints=(
        "Is anything missing in what the model has learned, or only in what is done "
        "with its output?",
        "Weigh the two costs: above which probability is it cheaper to raise the "
        "alarm?",
    ),
    solution=rare_class,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 1,
            "A lower rate gets to the rare class later. With as many updates as before "
            "you would find fewer frauds, or none.",
        ),
        Mistake(
            lambda: 2,
            "A tenth of the rate for ten times as long comes to the same place, as the "
            "experiment showed, and it takes longer than you have.",
        ),
        Mistake(
            lambda: 3,
            "A larger rate gets to the same place sooner. The loss is flat: this model "
            "is there already.",
        ),
        Mistake(
            lambda: 5,
            "A model that never says fraud is right in 98% of the payments. Accuracy "
            "hides exactly what is wrong here.",
        ),
        Mistake(
            lambda: 6,
            "A larger batch holds the rare class in the same proportion. At the same "
            "rate it makes fewer updates out of the same examples.",
        ),
        Mistake(
            lambda: 0.02,
            "That is a probability. The number of a line of the list is asked for.",
        ),
        Mistake(
            lambda: 0,
            "The list begins at 1: the numbers are those of the text, not Python's.",
        ),
    ),
)


# A wider network --------------------------------------------------------------------


def mup_lr(lr, base_shape, shape):
    if len(shape) == 1:
        return lr
    return lr * base_shape[1] / shape[1]


def _scaled(factor: Callable[[tuple[int, ...], tuple[int, ...]], float]) -> Any:
    """An answer that multiplies the rate by another factor of the two shapes."""

    def answer(lr, base_shape, shape):
        return lr * factor(base_shape, shape)

    return answer


def _weights(
    factor: Callable[[tuple[int, ...], tuple[int, ...]], float],
) -> Any:
    """The same, with biases that keep the rate."""
    return _scaled(lambda base, shape: 1.0 if len(shape) == 1 else factor(base, shape))


MUP_LR = Exercise(
    name="practice/mup_lr",
    text="""\
### Exercise: a rate for each tensor

Adam's rate was tuned on a small network; you train a wide one under µP. Write
`mup_lr(lr, base_shape, shape)`: the rate of one of its tensors.

- **Arguments:** `lr`, above 0, the rate tuned on the small network; `base_shape` and
  `shape`, the shape of this tensor in the small network and in the wide one: tuples of
  whole numbers from 1, as PyTorch gives them: `(outputs, inputs)` for the weight of an
  `nn.Linear`, `(outputs,)` for its bias.
- **Returns:** one number, this tensor's rate.
- **Boundaries:** input, hidden and output weights all come, and so do biases. The new
  network may also be the narrower one. With equal shapes the rate stays.
- **Units and time:** the optimizer is Adam; the rate is constant, so no `t`. No
  arrays.

Numbers count as right within a relative 1e-6.""",
    starter="def mup_lr(lr, base_shape, shape):\n    return ...",
    hints=(
        "Each output adds up inputs. Which number of the shape counts them? If it "
        "doesn't change, neither does the rate.",
        "Write down the four shapes of a network with 64 pixels, width `w` and 10 "
        "classes: which of its tensors have `w` inputs?",
        "A bias has one number in its shape, so it has no inputs to count.",
    ),
    solution=mup_lr,
    cases=(
        (0.01, (64, 64), (256, 256)),
        (0.01, (64, 30), (256, 30)),  # input
        (0.01, (10, 64), (10, 256)),  # output
        (0.01, (64,), (256,)),
        (0.01, (10,), (10,)),
        (0.5, (64, 64), (64, 64)),
        (0.004, (128, 128), (32, 32)),
        (0.004, (128, 30), (32, 30)),
        (0.004, (128,), (32,)),
        (0.02, (192, 64), (768, 256)),  # a tensor whose two numbers grow alike
        (0.02, (32, 64), (32, 96)),
        (0.02, (48, 16), (96, 64)),  # and one whose numbers don't
    ),
    mistakes=(
        Mistake(
            _scaled(lambda base, shape: 1.0),
            "That is standard parametrisation: one rate for all tensors at every "
            "width.",
        ),
        Mistake(
            _scaled(lambda base, shape: base[0] / shape[0]),
            "You go by the outputs, the first number. That slows down the input "
            "weights and the biases, and leaves the output weights as they are.",
        ),
        Mistake(
            _weights(lambda base, shape: base[0] / shape[0]),
            "For the weights you go by the outputs, the first number of the shape. "
            "PyTorch writes the inputs last.",
        ),
        Mistake(
            _scaled(lambda base, shape: base[-1] / shape[-1]),
            "You lower the rate of the biases, too: the last number of their shape is "
            "their outputs.",
        ),
        Mistake(
            _scaled(lambda base, shape: max(base) / max(shape)),
            "You lower the rate of all tensors by the width. The input weights and the "
            "biases have as many inputs as before.",
        ),
        Mistake(
            _weights(lambda base, shape: max(base) / max(shape)),
            "For the weights you take the larger number of each shape. What counts is "
            "the inputs, and the input weights have as many as before.",
        ),
        Mistake(
            _weights(lambda base, shape: 64 / shape[1]),
            "You wrote 64 for the small network. Its own inputs stand in `base_shape`, "
            "and they differ from tensor to tensor.",
        ),
        Mistake(
            _weights(lambda base, shape: shape[1] / base[1]),
            "Yours raises the rate of a wider network. A sum over more inputs moves "
            "further at the same rate, so it needs a smaller one.",
        ),
        Mistake(
            _weights(lambda base, shape: (base[1] / shape[1]) ** 0.5),
            "You take the root of the ratio. That belongs to the initial values; "
            "Adam's rate goes with the ratio itself.",
        ),
        Mistake(
            _weights(lambda base, shape: (base[1] / shape[1]) ** 2),
            "You square the ratio: at four times the width your rate is a quarter of "
            "what it has to be.",
        ),
        Mistake(
            _weights(lambda base, shape: base[0] * base[1] / (shape[0] * shape[1])),
            "You go by the number of weights. What counts is how many of them are "
            "added up for one output.",
        ),
        Mistake(
            _weights(
                lambda base, shape: base[1] / shape[1] if shape[0] == shape[1] else 1.0
            ),
            "You scale square matrices only. The output weights add up the wide layer, "
            "too, and other tensors needn't be square.",
        ),
        Mistake(
            _weights(
                lambda base, shape: base[1] / shape[1] if base[0] != shape[0] else 1.0
            ),
            "You leave out tensors whose outputs stay as many. Those of the last layer "
            "are the classes, and its inputs grow all the same.",
        ),
        Mistake(
            _weights(lambda base, shape: 1 / shape[1]),
            "You divide by the inputs of the wide network alone. The rate was tuned at "
            "those of the small one.",
        ),
        Mistake(
            _weights(lambda base, shape: min(base[1] / shape[1], 1.0)),
            "Yours never raises a rate. A narrower network needs a larger one.",
        ),
        Mistake(
            _weights(lambda base, shape: base[1] // shape[1]),
            "You divide with `//`: at any larger width the rate becomes 0.",
        ),
        Mistake(
            lambda lr, base_shape, shape: mup_lr(1.0, base_shape, shape),
            "That is the factor. This tensor's rate is asked for, so the tuned one has "
            "to be in it.",
        ),
        Mistake(
            lambda lr, base_shape, shape: (
                0.0 if len(shape) == 1 else mup_lr(lr, base_shape, shape)
            ),
            "Your biases have the rate 0, so they never move.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (SCALED_LR, RARE_CLASS, MUP_LR)
