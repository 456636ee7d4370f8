"""The benchmark's other finders answer what the real packages answered."""

import functools
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import finders
from benchmarks.finders import fastai_rules, lightning_rule
from tests.finder_fixtures import given

RECORDED = Path(__file__).parent / "finder_fixtures/rules.json"
CURVES = {"lightning": finders.lightning_curve, "fastai": finders.fastai_curve}


@functools.cache
def recorded():
    """What Lightning and fastai gave; see record.py there."""
    return json.loads(RECORDED.read_text("utf-8"))


@functools.cache
def problems():
    return {str(one): one for one in [given.problem, *finders.problems()]}


@pytest.mark.parametrize("name", recorded()["rules"])
def test_the_rules_answer_as_the_real_ones(name):
    curve = recorded()["rules"][name]
    rates = np.geomspace(1e-7, 10, len(curve["losses"])).tolist()
    found = {"lightning": lightning_rule(rates, curve["losses"])}
    found |= fastai_rules(rates, curve["losses"])
    assert found.keys() == curve["answers"].keys()
    for rule, answer in curve["answers"].items():
        expected = None if answer is None else pytest.approx(answer, rel=1e-6)
        assert found[rule] == expected, rule


@pytest.mark.parametrize("finder", CURVES)
@pytest.mark.parametrize("name", recorded()["sweeps"])
def test_the_sweeps_are_those_of_the_real_ones(name, finder):
    expected = recorded()["sweeps"][name][finder]
    rates, losses = CURVES[finder](problems()[name], 0)
    assert rates == pytest.approx(expected["rates"], rel=1e-12)
    assert losses == pytest.approx(expected["losses"], rel=1e-5)


def test_some_recorded_sweeps_end_early():
    lengths = {
        len(sweep["rates"])
        for by_finder in recorded()["sweeps"].values()
        for sweep in by_finder.values()
    }
    assert min(lengths) < finders.UPDATES == max(lengths)
