"""Runs ``duban`` by a clock that is ahead of the machine's, so that letters leave at whatever hour a test runs.

``DUBAN_TEST_AHEAD`` says by how many seconds; everything else is the program as it is.
"""

import os
import sys
from datetime import datetime, timedelta

from service import clock

_machine_now = clock.machine_now
AHEAD = timedelta(seconds=float(os.environ["DUBAN_TEST_AHEAD"]))


def ahead() -> datetime:
    """The machine's clock, put forward."""
    return _machine_now() + AHEAD


clock.machine_now = ahead

if __name__ == "__main__":
    from service.cli import main  # everything below takes the clock by name, so it must be set first

    sys.exit(main())
