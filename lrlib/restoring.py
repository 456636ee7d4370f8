"""Putting a model, its optimizer and its data back as they were, whatever happens.

What is trained to measure something, and not to keep, must leave no trace: not in the
weights and not in the order of the next batches.
"""

from __future__ import annotations

import random
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Dataset, Sampler

LOADERS = DataLoader | Sampler | Dataset
SIMPLE = str | bytes | int | float | complex | bool | None


@contextmanager
def left_as_found(*things: Any, loader: Any = None) -> Iterator[None]:
    """Put everything back when the block ends, whichever way it ends.

    ::

        with left_as_found(model, optimizer, loader=loader):
            ...  # train, break off, raise, press Ctrl-C

    What is reached from the things given is put back in place, so that references to
    it stay good:

    - each module: parameters and buffers, bit for bit and as the very same tensors;
      ``requires_grad``; the mode of each submodule; hooks; its other attributes;
    - each optimizer: its state, empty if it was empty, each option of its groups, and
      whether it counts as having stepped, which schedulers ask;
    - dicts, lists, sets, deques, arrays, tensors and random generators in any of them;
    - the loader, its samplers and its data set: attributes, random generators, the
      order of lists and of rows of whole numbers; but not the data, which isn't copied;
    - the random state of torch on every device in use, of numpy and of Python.

    Gradients are set aside: in the block each ``.grad`` is None at first, and after it
    the same as before. Other objects, such as a logger that is an attribute of the
    model, are left alone, and so are a running iterator and its worker processes.

    It costs the memory of one copy of the tensors of model and optimizer while the
    block runs. While things are put back, Ctrl-C waits, and is raised when all is done;
    a thread other than the main one never gets any. One that comes in the instant
    before starts it anew, since putting back twice does no harm.

    Args:
        things: modules, optimizers, or any of what is named above; others, such as a
            loss that is a function, are passed over.
        loader: a DataLoader, or any other object that gives batches.

    Raises:
        ExceptionGroup: something could not be put back; everything else was.
    """
    found = _Found()
    found.note_random_state()
    found.note_all(things)
    found.note_loader(loader)
    try:
        found.set_gradients_aside()
        yield
    finally:
        try:
            with _without_interrupts():
                found.put_back()
        except KeyboardInterrupt:
            if not found.is_back:  # it came before they had to wait
                with _without_interrupts():
                    found.put_back()
            raise


class _Found:
    """How things were, as the list of what to do to have them so again."""

    def __init__(self) -> None:
        self.undo: list[Callable[[], object]] = []
        self.seen: dict[int, Any] = {}  # the things too, so that no id is used twice
        self.gradients: list[Tensor] = []
        self.is_back = False

    def put_back(self) -> None:
        errors = []
        for undo in reversed(self.undo):
            try:
                undo()
            except Exception as error:  # the others still have to be put back
                errors.append(error)
        self.is_back = True
        if errors:
            raise ExceptionGroup("not everything could be put back", errors)

    def set_gradients_aside(self) -> None:
        for tensor in self.gradients:
            tensor.grad = None

    def note(self, thing: Any) -> None:
        """Note a thing and what is reached from it; each once."""
        if id(thing) in self.seen or isinstance(thing, SIMPLE):
            return
        self.seen[id(thing)] = thing
        if isinstance(thing, Tensor):
            self.note_tensor(thing)
        elif isinstance(thing, nn.Module | Optimizer):
            self.note(vars(thing))
            if isinstance(thing, torch.jit.ScriptModule):
                self.note_compiled(thing)
        elif isinstance(thing, LOADERS):
            del self.seen[id(thing)]
            self.note_loader(thing)
        elif isinstance(thing, dict):
            self.note_container(thing, thing.values(), thing.update)
            self.note_all(thing.keys())  # an optimizer's state has tensors as keys
        elif isinstance(thing, list | deque):
            self.note_container(thing, thing, thing.extend)
        elif isinstance(thing, set):
            self.note_container(thing, thing, thing.update)
        elif isinstance(thing, tuple):
            self.note_all(thing)
        elif isinstance(thing, np.ndarray):
            copy = thing.copy()
            self.undo.append(lambda: np.copyto(thing, copy))
        else:
            self.note_generator(thing)

    def note_all(self, things: Iterable[Any]) -> None:
        for thing in things:
            self.note(thing)

    def note_container(
        self, thing: Any, values: Iterable[Any], fill: Callable[[Any], object]
    ) -> None:
        copy = dict(thing) if isinstance(thing, dict) else list(thing)

        def undo() -> None:
            thing.clear()
            fill(copy)

        self.undo.append(undo)
        self.note_all(list(values))

    def note_tensor(self, tensor: Tensor) -> None:
        alias = tensor.detach()  # the same memory, also if .data is replaced
        place = _without_repeats(alias)
        copy = place.clone()
        leaf, trained = tensor.is_leaf, tensor.requires_grad

        def undo() -> None:
            if not _same_place(tensor, alias):
                tensor.data = alias
            place.copy_(copy)
            if leaf:
                tensor.requires_grad_(trained)

        self.undo.append(undo)
        if leaf:
            grad = tensor.grad
            self.gradients.append(tensor)
            self.undo.append(lambda: setattr(tensor, "grad", grad))

    def note_compiled(self, module: nn.Module) -> None:
        """Note a module that keeps its tensors and modes out of Python's sight."""
        self.note_all([*module.parameters(), *module.buffers()])
        for part in module.modules():
            self.undo.append(partial(setattr, part, "training", part.training))

    def note_loader(self, loader: Any) -> None:
        """Note a loader's attributes, generators and order, but not its data."""
        if id(loader) in self.seen or not hasattr(loader, "__dict__"):
            return
        self.seen[id(loader)] = loader
        mine = vars(loader)
        self.note_container(mine, (), mine.update)
        for name, value in mine.items():
            if isinstance(value, LOADERS) or name in ("sampler", "batch_sampler"):
                self.note_loader(value)
            elif isinstance(value, list):
                self.note_container(value, (), value.extend)
            elif _is_order(value):
                self.note(value)
            else:
                self.note_generator(value)

    def note_generator(self, thing: Any) -> None:
        if isinstance(thing, torch.Generator):
            state = thing.get_state()
            self.undo.append(lambda: thing.set_state(state))
        elif isinstance(thing, np.random.Generator):
            bits, numbers = thing.bit_generator, thing.bit_generator.state
            self.undo.append(lambda: setattr(bits, "state", numbers))
        elif isinstance(thing, np.random.RandomState):
            old = thing.get_state()
            self.undo.append(lambda: thing.set_state(old))
        elif isinstance(thing, random.Random):
            python = thing.getstate()
            self.undo.append(lambda: thing.setstate(python))

    def note_random_state(self) -> None:
        """Note the generators that nobody has to name."""
        legacy, python = np.random.get_state(), random.getstate()
        self.undo.append(lambda: np.random.set_state(legacy))
        self.undo.append(lambda: random.setstate(python))
        generators = [torch.default_generator]
        if torch.cuda.is_initialized():
            generators += torch.cuda.default_generators
        self.note_all(generators)
        if torch.backends.mps.is_available():
            mps = torch.mps.get_rng_state()
            self.undo.append(lambda: torch.mps.set_rng_state(mps))


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield  # no Ctrl-C comes here, or nobody could hand the handler back
        return
    came = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _same_place(one: Tensor, other: Tensor) -> bool:
    strided = one.layout == other.layout == torch.strided
    return strided and one.shape == other.shape and one.data_ptr() == other.data_ptr()


def _is_order(value: Any) -> bool:
    """Whether this may be the order of the examples, which a loader may shuffle."""
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and value.dtype.kind in "iu"
    return (
        isinstance(value, Tensor)
        and value.dim() == 1
        and not value.is_floating_point()
        and not value.is_complex()
    )


def _without_repeats(tensor: Tensor) -> Tensor:
    """A view in which what expand() repeats is there once, as it is in memory."""
    if tensor.layout != torch.strided:
        return tensor
    return tensor[tuple(slice(None if step else 1) for step in tensor.stride())]
