"""Schedules that fall, restart or cycle; to begin with, the one that stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrlib.schedules import Schedule, positive


@dataclass(frozen=True)
class constant(Schedule):
    """The same rate at every update: ``rate(t) = lr``.

    Args:
        lr: the rate; positive and finite.

    Raises:
        TypeError: ``lr`` is no number.
        ValueError: ``lr`` is not positive and finite.

    Equal to an optimizer of torch without a scheduler. (``ConstantLR`` of torch is
    another thing: it holds a lower rate at first.)

    Source: ``torch.optim``, whose optimizers keep their ``lr`` if nothing changes it.
    """

    lr: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", positive("lr", self.lr))

    def rates(self, t: np.ndarray) -> np.ndarray:
        return np.full(t.shape, self.lr)
