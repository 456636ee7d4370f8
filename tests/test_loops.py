"""The loops around a scheduler: each one's rates by hand, and what torch says."""

import numpy as np
import pytest
from torch.optim.lr_scheduler import CosineAnnealingLR, StepLR

from lrlib.loops import loops


def test_each_loop_trains_at_the_rates_worked_out_by_hand():
    found = loops(lambda o: StepLR(o, step_size=2, gamma=0.5), epochs=4, batches=3)
    by_epoch = {
        "once an epoch": [1, 1, 0.5, 0.5],
        "before the optimizer": [1, 0.5, 0.5, 0.25],
        "twice an epoch": [1, 0.5, 0.25, 0.125],
        "on after its end": [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125],
    }
    for name, rates in by_epoch.items():
        np.testing.assert_array_equal(found.rates[name], np.repeat(rates, 3))
    np.testing.assert_array_equal(
        found.rates["once a batch"], 0.5 ** (np.arange(12) // 2)
    )


def test_torch_warns_of_one_loop_only():
    found = loops(lambda o: StepLR(o, step_size=2), epochs=3, batches=2)
    assert [name for name, warned in found.warned.items() if warned] == [
        "before the optimizer"
    ]


def test_the_table_says_each_loop_in_every_form(monkeypatch):
    found = loops(lambda o: CosineAnnealingLR(o, T_max=8), 8, 2, lr=0.1)
    row = "once an epoch", "0.1, 0.0962, 0.0854, 0.0691, …, 0.00381", "0.00381"
    monkeypatch.setenv("LRLIB_HOST", "")
    live = found._repr_mimebundle_()
    assert live.keys() == {"text/plain", "text/markdown"}
    assert live["text/markdown"].splitlines()[2] == f"| {' | '.join(row)} | silent |"
    monkeypatch.setenv("LRLIB_HOST", "site")
    site = found._repr_mimebundle_()
    assert site.keys() == {"text/plain", "text/html"}
    assert (
        f'<tr><th scope="row">{row[0]}</th><td>{row[1]}</td><td>{row[2]}</td>'
        "<td>silent</td></tr>"
    ) in site["text/html"]
    for name in found.rates:
        assert name in live["text/plain"]
        assert name in live["text/markdown"]
        assert name in site["text/html"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"batches": 1.5}, "batches must be a whole number, got 1.5"),
        ({"lr": -1}, "lr must be positive and finite, got -1"),
        ({"scheduler": "StepLR"}, "scheduler must be a function of the optimizer"),
    ],
)
def test_wrong_arguments_are_named(wrong, message):
    right = {"scheduler": lambda o: StepLR(o, 2), "epochs": 2, "batches": 2}
    with pytest.raises((TypeError, ValueError), match=message):
        loops(**{**right, **wrong})
