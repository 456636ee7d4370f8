"""What lrlib costs, measured against what a user would do instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, and the budget it must keep."""

    name: str
    measured: float
    budget: float | None  # None: only told
    unit: str
    at_least: bool = False  # the budget is a lower bound: "how many times faster"
    detail: str = ""

    @property
    def met(self) -> bool:
        if self.budget is None:
            return True
        if self.at_least:
            return self.measured >= self.budget
        return self.measured <= self.budget
