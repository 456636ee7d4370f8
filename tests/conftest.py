"""What all tests share."""

import os

import pytest
from hypothesis import settings

# Several workers share the machine, and each starts kernels; more threads make all of
# them slower. Set before anything imports numpy or torch.
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# A machine may be busy: how long an example takes says nothing about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# What takes longest begins first, so that no worker is left alone with it at the end.
LONGEST = ("test_site.py", "test_rates.py", "test_notebooks.py", "test_explorer.py")


@pytest.hookimpl(tryfirst=True)  # before xdist looks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a file in one worker, which makes its fixtures once, unless it says else."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))
