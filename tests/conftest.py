"""What all tests share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.browser import launched

# Several workers share the machine, and each starts kernels; more threads make all of
# them slower. Set before anything imports numpy or torch.
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# A machine may be busy: how long an example takes says nothing about the code. Each run
# tries the same examples; `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile(
    "search", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("repeat", settings.get_profile("search"), derandomize=True)
settings.load_profile("repeat")


@pytest.fixture(autouse=True)
def _seed() -> None:
    """What a test draws without a seed of its own is the same in every order."""
    import torch

    # torch.manual_seed also writes down who called it, for GPUs that are started later.
    torch.default_generator.manual_seed(0)


@pytest.fixture(scope="module")  # while it is open, asyncio can't be run beside it
def browser() -> Iterator[Browser]:
    """A headless browser for the tests of one file."""
    with launched() as started:
        yield started
