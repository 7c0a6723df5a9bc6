"""``python -m projections.filling_apart``: a process that fills the share of the projections it is handed."""

from __future__ import annotations

import pickle
import sys

from projections.filling import Job, Share, fill_apart


def main() -> None:
    """Takes job and share from standard input, as whoever started this process pickled them."""
    job: Job
    share: Share
    job, share = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    fill_apart(job, share)


if __name__ == "__main__":
    main()
