"""Update rules: optimizers as values, each with two pure functions.

``rule.init(params)`` makes the state, ``rule.update(grads, state, params, t)`` turns a
gradient into a direction, and the step is ``params -= lr * direction``. All are dicts
of tensors. The operations are elementwise, so the same rule trains one model or, with
tensors that have a leading model axis, K of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor

from lrlib.arguments import fraction

Tensors = dict[str, Tensor]
State = dict[str, Tensors]


class UpdateRule(ABC):
    """An optimizer as a value: a state, and a direction for each gradient."""

    @abstractmethod
    def init(self, params: Tensors) -> State:
        """The state before the first update, such as velocities of 0.

        Args:
            params: the parameters by name; of one model, in the shapes of its
                tensors, or of K, stacked: ``[K, ...]``.

        Returns:
            Dicts of tensors by name, such as ``{"velocity": {"weight": ...}}``; each
            tensor has the shape of its parameter.
        """

    @abstractmethod
    def update(
        self, grads: Tensors, state: State, params: Tensors, t: int
    ) -> tuple[Tensors, State]:
        """The direction of update ``t`` and the state after it.

        Args:
            grads: gradient of each parameter, in its shape.
            state: what ``init`` or the previous update returned.
            params: the parameters before the update.
            t: number of the update, counted from 1 as in the literature on Adam.

        Returns:
            ``(direction, state)``; the step is ``params -= lr * direction``.
        """


@dataclass(frozen=True)
class sgd(UpdateRule):
    """Gradient descent, with heavy-ball or Nesterov momentum; equals torch.optim.SGD.

    With velocity ``v`` and gradient ``g``::

        v = momentum * v + g          v = 0 before the first update
        direction = v                 or, with nesterov, g + momentum * v

    Args:
        momentum: between 0 (plain gradient descent) and 1, exclusive.
        nesterov: look ahead along the velocity; needs ``momentum`` > 0.

    Raises:
        TypeError: ``momentum`` is no number or ``nesterov`` no bool.
        ValueError: ``momentum`` outside [0, 1), or ``nesterov`` without momentum.

    Source: Polyak 1964; Sutskever et al., ICML 2013; ``torch.optim.SGD``.
    """

    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        fraction("momentum", self.momentum)
        if not isinstance(self.nesterov, bool):
            raise TypeError(
                f"nesterov must be True or False, got {self.nesterov!r}: "
                "write nesterov=True"
            )
        if self.nesterov and not self.momentum:
            raise ValueError(
                "nesterov=True needs momentum, got momentum=0: write momentum=0.9"
            )

    def init(self, params: Tensors) -> State:
        if not self.momentum:
            return {}
        return {"velocity": {name: torch.zeros_like(p) for name, p in params.items()}}

    def update(
        self, grads: Tensors, state: State, params: Tensors, t: int
    ) -> tuple[Tensors, State]:
        if not self.momentum:
            return grads, state
        old = state["velocity"]
        velocity = {name: self.momentum * old[name] + g for name, g in grads.items()}
        direction = velocity
        if self.nesterov:
            direction = {
                name: g + self.momentum * velocity[name] for name, g in grads.items()
            }
        return direction, {"velocity": velocity}
