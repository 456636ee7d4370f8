"""Record what the finders of Lightning and fastai answer: writes rules.json.

The course needs neither, so this runs by hand, in a copy of its environment::

    pip install lightning==2.6.6 fastai==2.8.12
    python -m tests.finder_fixtures.record

Their rules answer for curves that are made here, and their sweeps are made from start
to end on three tasks.
"""

import contextlib
import json
import tempfile
from pathlib import Path
from types import SimpleNamespace

import fastai
import lightning
import numpy as np
import torch
from fastai.callback import schedule
from fastai.data.core import DataLoaders
from fastai.data.load import DataLoader as Loader
from fastai.learner import Learner
from fastai.optimizer import OptimWrapper
from lightning.pytorch.tuner import Tuner
from lightning.pytorch.tuner.lr_finder import _LRFinder
from torch import nn
from torch.utils.data import DataLoader

from benchmarks.finders import Model, problems
from tests.finder_fixtures import given

FASTAI = {
    name: getattr(schedule, name) for name in ("valley", "minimum", "steep", "slide")
}
SWEPT = ("bowl 40, sgd", "sparse regression, sgd")


def curves():
    random = np.random.default_rng(0)
    x = np.linspace(-7, 1, 100)
    valley = 2 - 1.6 / (1 + np.exp(-3 * (x + 2))) + np.exp(4 * (x - 0.2))
    ragged = np.where(np.arange(100) < 93, valley, np.nan)
    holes = np.where(np.isin(np.arange(100), [40, 41, 77]), np.inf, valley)
    return {
        "valley": valley,
        "valley with noise": valley + 0.1 * random.standard_normal(100),
        "rising": 10 * np.exp(x / 2),
        "flat": np.ones(100),
        "falling": np.exp(-x),
        "NaN at the end": np.where(np.arange(100) < 93, valley, np.nan),
        "NaN early": np.where(np.arange(100) < 12, valley, np.nan),
        "infinite inside": holes,
        "NaN, with noise": ragged + 0.1 * random.standard_normal(100),
        "noise": random.standard_normal(100),
        "walk": np.cumsum(random.standard_normal(100)),
        "40 losses": valley[30:70],
        "31 losses": valley[40:71],
        "30 losses": valley[40:70],
        "17 losses": valley[50:67],
        "16 losses": valley[50:66],
        "15 losses": valley[50:65],
        "13 losses": valley[50:63],
        "12 losses": valley[50:62],
        "11 losses": valley[50:61],
    }


def by_lightning(rates, losses):
    finder = _LRFinder("exponential", 1e-8, 1, 100)
    finder.results = {"lr": rates, "loss": losses}
    return finder.suggestion()


def by_fastai(rates, losses, rule):
    recorded = SimpleNamespace(
        recorder=SimpleNamespace(lrs=rates, losses=losses),
        dls=SimpleNamespace(train=[0]),
        no_logging=contextlib.nullcontext,
        fit=lambda *args, **kwargs: None,
    )
    try:
        (found,) = Learner.lr_find(recorded, show_plot=False, suggest_funcs=rule)
    except (IndexError, RuntimeError, ValueError):  # too few losses
        return None
    return float(found)


def answers(rates, losses):
    return {"lightning": by_lightning(rates, losses)} | {
        name: by_fastai(rates, losses, rule) for name, rule in FASTAI.items()
    }


class Lightning(lightning.pytorch.LightningModule):
    def __init__(self, problem):
        super().__init__()
        self.lr, self.problem, self.model = 1e-3, problem, Model(problem.task, 0)

    def training_step(self, batch, index):
        return self.model(self.problem.task.batch(int(batch[0]), 0))

    def configure_optimizers(self):
        return self.problem.optimizer.torch(self.parameters(), lr=self.lr)


class Single(nn.Module):  # fastai's average is in float32
    def __init__(self, problem):
        super().__init__()
        self.problem, self.model = problem, Model(problem.task, 0)

    def forward(self, batch):
        return self.model(self.problem.task.batch(int(batch[0]), 0)).float()


def swept_by_lightning(problem, folder):
    silent = dict.fromkeys(("logger", "enable_checkpointing"), False)
    silent |= dict.fromkeys(("enable_progress_bar", "enable_model_summary"), False)
    trainer = lightning.pytorch.Trainer(
        max_epochs=1, accelerator="cpu", default_root_dir=folder, **silent
    )
    finder = Tuner(trainer).lr_find(
        Lightning(problem), train_dataloaders=DataLoader(range(200), batch_size=1)
    )
    return {"rates": finder.results["lr"], "losses": finder.results["loss"]}


def swept_by_fastai(problem, folder):
    model = Single(problem)
    data = Loader([(torch.tensor(k), torch.tensor(0.0)) for k in range(200)], bs=1)
    learner = Learner(
        DataLoaders(data, data, device=torch.device("cpu")),
        model,
        loss_func=lambda outputs, targets: outputs,
        opt_func=lambda *args, **kwargs: OptimWrapper(
            opt=problem.optimizer.torch(model.parameters(), lr=1e-3)
        ),
        path=folder,
    )
    with learner.no_bar():
        learner.lr_find(show_plot=False)
    recorder = learner.recorder
    return {"rates": recorder.lrs, "losses": [float(loss) for loss in recorder.losses]}


def main():
    result = {
        "lightning": lightning.__version__,
        "fastai": fastai.__version__,
        "rules": {},
        "sweeps": {},
    }
    for name, curve in curves().items():
        losses = [float(f"{loss:.5g}") for loss in curve]
        rates = np.geomspace(1e-7, 10, len(losses)).tolist()
        result["rules"][name] = {"losses": losses, "answers": answers(rates, losses)}
    for problem in [given.problem, *problems()]:
        if problem is given.problem or str(problem) in SWEPT:
            with tempfile.TemporaryDirectory() as folder:
                result["sweeps"][str(problem)] = {
                    "lightning": swept_by_lightning(problem, folder),
                    "fastai": swept_by_fastai(problem, folder),
                }
    path = Path(__file__).with_name("rules.json")
    path.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
