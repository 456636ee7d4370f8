"""What must work where nothing but the wheel was installed: ``python smoke.py``."""

import importlib
import pkgutil

import numpy as np
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset

import lrlib
from lrlib import tasks
from lrlib.adaptive import sgd
from lrlib.exercises import check
from lrlib.explorer import Choice, Option
from lrlib.practice import range_test
from lrlib.schedules import audit
from lrlib.sweep import sweep

# The site's renderer is for who builds the book: it needs Sphinx.
ONLY_FOR_THE_BOOK = {"lrlib.explorer.site"}

modules = {module.name for module in pkgutil.walk_packages(lrlib.__path__, "lrlib.")}
for name in sorted(modules - ONLY_FOR_THE_BOOK):
    importlib.import_module(name)

task = tasks.digits()
runs = sweep(task, sgd(), [0.01, 0.5], steps=50)
assert runs.losses[1, -1] < runs.losses[0, -1] < runs.losses[0, 0]

torch.manual_seed(0)
model = torch.nn.Linear(64, 10)
optimizer = torch.optim.Adam(model.parameters())
loader = DataLoader(TensorDataset(*task.training_set()), batch_size=128)
found = range_test(model, optimizer, torch.nn.functional.cross_entropy, loader)
assert found.suggestion.rate
assert audit(CosineAnnealingLR(optimizer, T_max=90), steps=9000)

choice = Choice("Which?", [Option("This.", "Yes.", correct=True), Option("No.", "No.")])
assert "export default" in choice.widget._esm  # the module of the browser is there
assert np.isfinite(runs.losses).all()
assert str(check("basics/step_length", 0.5)).startswith("✓")

print(f"lrlib {lrlib.__version__}: {len(modules)} modules")
