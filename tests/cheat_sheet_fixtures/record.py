"""Record the rates of other libraries' schedules: writes libraries.json.

The calls are those that stand on the cheat sheet. The course needs none of these
packages, so this runs by hand, in an environment of its own. (Keras computes with 64
bits on its torch backend, if told to; on its numpy backend with 32.)::

    pip install torch==2.13.0 keras==3.15.0 transformers==5.23.0 optax==0.2.8 \
        jax==0.7.2
    KERAS_BACKEND=torch JAX_ENABLE_X64=1 python -m tests.cheat_sheet_fixtures.record
"""

import importlib.metadata
import inspect
import json
from types import SimpleNamespace

import jax.numpy as jnp
import keras
import numpy as np
import optax
import optax.contrib
import torch
import transformers
from torch.optim import SGD
from torch.optim.lr_scheduler import ReduceLROnPlateau

from tests.cheat_sheet_fixtures import HERE, on_the_page

PAGE = on_the_page()
LR, REPORTS = PAGE["lr"], PAGE["reports"]
UPDATES = PAGE["updates"] + 1  # one more, for a library that is one update later
LIBRARIES = ["keras", "optax", "transformers"]
# Of which the sheet says that they are traps: function and argument.
DEFAULTS = [
    (keras.optimizers.schedules.CosineDecayRestarts, "t_mul"),
    (keras.optimizers.schedules.PolynomialDecay, "end_learning_rate"),
    (transformers.get_polynomial_decay_schedule_with_warmup, "lr_end"),
    (transformers.get_wsd_schedule, "decay_type"),
]


def of_keras(call):
    schedules = vars(keras.optimizers.schedules)
    built = eval(call, {**schedules, **vars(keras.callbacks), "lr": LR})
    if isinstance(built, keras.callbacks.Callback):
        optimizer, rates = keras.optimizers.SGD(LR), []
        built.set_model(SimpleNamespace(optimizer=optimizer))
        built.on_train_begin()
        for epoch, metric in enumerate(REPORTS):
            built.on_epoch_end(epoch, {built.monitor: metric})
            rates.append(float(optimizer.learning_rate))
        return rates
    return [float(built(t)) for t in range(UPDATES)]


def of_optax(call):
    names = {**vars(optax), **vars(optax.contrib), "lr": LR}
    built = eval(call, names)
    if isinstance(built, optax.GradientTransformationExtraArgs):
        state, rates = built.init(jnp.zeros(1)), []
        for metric in REPORTS:
            updates, state = built.update(jnp.full(1, LR), state, value=metric)
            rates.append(float(updates[0]))
        return rates
    return [float(built(t)) for t in range(UPDATES)]


def of_transformers(call):
    weights = [torch.zeros(1, requires_grad=True)]
    names = {"SGD": SGD, "weights": weights, "optimizer": SGD(weights, LR)}
    functions = {
        name: getattr(transformers, name)
        for name in dir(transformers)
        if name.startswith("get_") and "schedule" in name
    }
    built = eval(call, {**functions, **names})
    optimizer, rates = built.optimizer, []
    if isinstance(built, ReduceLROnPlateau):
        for metric in REPORTS:
            built.step(metric)
            rates.append(optimizer.param_groups[0]["lr"])
        return rates
    for _ in range(UPDATES):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        built.step()
    return rates


def main():
    assert keras.backend.backend() == "torch", "set KERAS_BACKEND=torch"
    keras.config.set_floatx("float64")
    assert jnp.zeros(1).dtype == np.float64, "set JAX_ENABLE_X64=1"
    run = {"keras": of_keras, "optax": of_optax, "transformers": of_transformers}
    result = {
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "defaults": {
            f"{function.__name__}({name})": inspect.signature(function)
            .parameters[name]
            .default
            for function, name in DEFAULTS
        },
        "rates": {
            name: {
                call: run[name](call)
                for entry in PAGE["sheet"]
                if (call := getattr(entry, name))
            }
            for name in LIBRARIES
        },
    }
    path = HERE / "libraries.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
