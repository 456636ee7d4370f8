"""Record where the optimizers of optax and Keras go: writes libraries.json.

The course needs neither library, so this runs by hand, in a copy of its environment::

    pip install optax==0.2.8 keras==3.15.1
    KERAS_BACKEND=jax JAX_ENABLE_X64=1 python -m tests.adaptive_fixtures.record
"""

import json
from pathlib import Path

import jax.numpy as jnp
import keras
import numpy as np
import optax

from tests.test_adaptive import gradients, start

keras.config.set_floatx("float64")
LR = 1e-3
OPTAX = {
    "adagrad": optax.adagrad(LR),
    "rmsprop": optax.rmsprop(LR),
    "rmsprop, initial_scale=1": optax.rmsprop(LR, initial_scale=1.0),
    "adam": optax.adam(LR),
    "adam, eps=0, eps_root=1e-8": optax.adam(LR, eps=0.0, eps_root=1e-8),
    "adamw": optax.adamw(LR),
}
KERAS = {
    "Adagrad": keras.optimizers.Adagrad(LR),
    "RMSprop": keras.optimizers.RMSprop(LR),
    "RMSprop, centered, momentum=0.5": keras.optimizers.RMSprop(
        LR, centered=True, momentum=0.5
    ),
    "Adam": keras.optimizers.Adam(LR),
    "Adam, amsgrad": keras.optimizers.Adam(LR, amsgrad=True),
}


def by_optax(optimizer, position, grads):
    state = optimizer.init(position)
    for g in grads:
        updates, state = optimizer.update(jnp.array(g), state, position)
        position = optax.apply_updates(position, updates)
        yield np.asarray(position)


def by_keras(optimizer, position, grads):
    variable = keras.Variable(position, dtype="float64")
    optimizer.build([variable])
    for g in grads:
        optimizer.apply([jnp.array(g)], [variable])
        yield np.array(variable.value)


def main():
    walks = {
        **{f"optax.{name}": (by_optax, one) for name, one in OPTAX.items()},
        **{f"keras.{name}": (by_keras, one) for name, one in KERAS.items()},
    }
    grads, first = gradients().numpy(), jnp.array(start().numpy())
    assert first.dtype == np.float64, "set JAX_ENABLE_X64=1"
    result = {"optax": optax.__version__, "keras": keras.__version__, "after": {}}
    for name, (walk, optimizer) in walks.items():
        positions = np.array(list(walk(optimizer, first, grads)))
        result["after"][name] = {
            updates: positions[updates - 1].tolist() for updates in (1, 10, 100)
        }
    path = Path(__file__).with_name("libraries.json")
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
