"""Record the rates and steps of other libraries' warmups: writes libraries.json.

The course needs none of them, so this runs by hand, in an environment of its own::

    pip install torch==2.13.0 transformers==5.23.0 pytorch-warmup==0.2.0 \
        warmup-scheduler==0.3 optax==0.2.8 jax==0.7.2
    JAX_ENABLE_X64=1 python -m tests.warmup_fixtures.record scheduler.py

``scheduler.py`` is ``warmup_scheduler/scheduler.py`` of the repository
ildoonet/pytorch-gradual-warmup-lr at commit 09bd3ef. Its README installs from there;
the package index has the older 0.3, which behaves differently.
"""

import importlib.metadata
import importlib.util
import json
import math
import sys
import warnings
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import optax
import pytorch_warmup
import torch
import transformers
import warmup_scheduler
from torch.optim import lr_scheduler

LR = 0.1
# lr, multiplier, total_epoch, T_max and eta_min of the cosine, updates
GRADUAL = [  # the first as document 4 has it
    (0.01, 10, 5, 10, 1e-6, 26),
    (0.01, 1, 5, 10, 1e-6, 26),
    (0.5, 4, 8, 20, 0.0, 40),
]
LIBRARIES = ["optax", "pytorch-warmup", "torch", "transformers", "warmup-scheduler"]


def sgd(lr=LR):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)


def trained(make, steps, lr=LR):
    """The rate of each update, with one call of ``advance`` after each."""
    optimizer = sgd(lr)
    advance, rates = make(optimizer), []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        advance()
    return rates


def of_transformers(name, *arguments):
    def make(optimizer):
        return getattr(transformers, name)(optimizer, *arguments).step

    return trained(make, arguments[-1])


def of_pytorch_warmup(kind, period, steps):
    """The warmup's factor, on an optimizer whose rate is otherwise constant."""

    def make(optimizer):
        constant = lr_scheduler.LambdaLR(optimizer, lambda _: 1.0)
        warmup = kind(optimizer, period)

        def advance():
            with warmup.dampening():
                constant.step()

        return advance

    return trained(make, steps)


def loaded(path):
    spec = importlib.util.spec_from_file_location("repository", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gradual(module, setting, also_inner):
    """GradualWarmupScheduler before a cosine; ``also_inner`` steps the cosine too."""
    lr, multiplier, total_epoch, period, floor, steps = setting

    def make(optimizer):
        cosine = lr_scheduler.CosineAnnealingLR(optimizer, period, floor)
        outer = module.GradualWarmupScheduler(
            optimizer, multiplier, total_epoch, cosine
        )

        def advance():
            if also_inner:
                cosine.step()
            outer.step()

        return advance

    return trained(make, steps, lr)


def of_optax(schedule, steps):
    return [float(schedule(t)) for t in range(steps)]


def lars(**options):
    """Where two tensors go in 3 updates, the second from 0, with known gradients."""
    params = {"w": jnp.array([3.0, -4.0]), "b": jnp.zeros(1)}
    optimizer = optax.lars(LR, **options)
    state, places = optimizer.init(params), []
    for t in range(3):
        grads = {"w": jnp.array([1.0 + t, 2.0]), "b": jnp.array([0.5 - t])}
        updates, state = optimizer.update(grads, state, params)
        params = optax.apply_updates(params, updates)
        places.append({name: np.asarray(p).tolist() for name, p in params.items()})
    return places


def main():
    warnings.simplefilter("ignore")  # these packages step schedulers in their makers
    assert jnp.zeros(1).dtype == np.float64, "set JAX_ENABLE_X64=1"
    versions = {"0.3": warmup_scheduler, "09bd3ef": loaded(sys.argv[1])}
    joined = optax.warmup_cosine_decay_schedule
    result = {
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "transformers cosine, 10 of 50": of_transformers(
            "get_cosine_schedule_with_warmup", 10, 50
        ),
        "transformers cosine, 1 of 20": of_transformers(
            "get_cosine_schedule_with_warmup", 1, 20
        ),
        "transformers linear, 10 of 50": of_transformers(
            "get_linear_schedule_with_warmup", 10, 50
        ),
        "pytorch_warmup linear, 10": of_pytorch_warmup(
            pytorch_warmup.LinearWarmup, 10, 30
        ),
        "pytorch_warmup exponential, 10": of_pytorch_warmup(
            pytorch_warmup.ExponentialWarmup, 10, 30
        ),
        "optax cosine, 10 of 50": of_optax(joined(LR / 11, LR, 10, 50, LR / 100), 60),
        "optax cosine from 0, 10 of 50": of_optax(joined(0.0, LR, 10, 50), 60),
        "optax geometric, 10": of_optax(
            optax.exponential_decay(LR / 1000, 10, 1000.0, end_value=LR), 30
        ),
        "gradual": [
            {
                "version": version,
                "setting": setting,
                "also_inner": also_inner,
                "rates": gradual(module, setting, also_inner),
            }
            for version, module in versions.items()
            for setting in GRADUAL
            for also_inner in (False, True)
        ],
        "lars": lars(),
        "lars, weight_decay=0.1": lars(weight_decay=0.1, trust_coefficient=0.01),
    }
    assert all(math.isfinite(x) for x in result["optax geometric, 10"])
    path = Path(__file__).with_name("libraries.json")
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
