"""What went wrong, by whose fault."""

from __future__ import annotations


class UsageError(Exception):
    """The user's mistake: every problem found, each with what to do. Exit code 2."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class StepFailedError(Exception):
    """A step that did not do what it was called for. Exit code 1."""
