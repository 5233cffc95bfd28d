"""Trainings side by side, in processes of one thread each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch

Job = TypeVar("Job")
Result = TypeVar("Result")


def side_by_side(
    work: Callable[[Job], Result], jobs: Sequence[Job], processes: int
) -> Iterator[Result]:
    """Results as they come, in any order; `work` is a function of a module, to be found there."""
    if processes == 1 or len(jobs) == 1:
        yield from map(work, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(processes, _start_worker) as pool:
        yield from pool.imap_unordered(work, jobs)


def _start_worker() -> None:
    torch.set_num_threads(1)
