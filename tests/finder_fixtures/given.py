"""A task whose losses are given: they rise so slowly that it shows where a sweep ends.

Other losses jump from twice the lowest to thousands within an update.
"""

import torch

from benchmarks.finders import SGD, Problem
from lrlib.tasks import Task


class Given(Task):
    name = "given"

    def init(self, seed):
        return {"x": torch.zeros((), dtype=torch.float64)}

    def batch(self, step, seed):
        return (torch.tensor(1.1 ** max(0, step - 40), dtype=torch.float64),)

    def training_set(self):
        return self.batch(0, 0)

    def loss(self, params, batch):
        return batch[0] + 0 * params["x"]

    def validation_loss(self, params):
        return self.loss(params, self.training_set())


problem = Problem("d", "given", Given(), SGD, 100)
