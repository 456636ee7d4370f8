"""Measure every budget and print the table: ``python -m benchmarks``.

The exit status is 1 if a budget was missed.
"""

from __future__ import annotations

import sys

from benchmarks import Row, diagnosis, kernel, page, schedules, sweep

# Each has rows() -> Iterator[Row].
MODULES = [sweep, schedules, diagnosis, kernel, page]


def line(row: Row) -> str:
    bound = "≥" if row.at_least else "≤"
    verdict, budget = "", ""
    if row.budget is not None:
        verdict = "met" if row.met else "missed"
        budget = f"{bound} {row.budget:g} {row.unit}"
    return (
        f"{row.name:<52} {row.measured:>8.3g} {row.unit:<4} {budget:>12}  "
        f"{verdict:<6}  {row.detail}"
    )


def main() -> int:
    missed = 0
    for module in MODULES:
        for row in module.rows():
            print(line(row), flush=True)
            missed += not row.met
    print(f"{missed} missed" if missed else "every budget is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
