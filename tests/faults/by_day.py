"""Runs ``duban`` by a clock that is ahead of the machine's, so that letters leave at whatever hour a test runs.

``DUBAN_TEST_CLOCK`` names a file that says by how many seconds; written anew, the clock of a running program jumps. ``settle`` in the place of a command does what ``settling`` says.
Everything else is the program as it is.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from service import clock

_machine_now = clock.machine_now
_AHEAD = Path(os.environ["DUBAN_TEST_CLOCK"])


def ahead() -> datetime:
    """The machine's clock, put forward or back."""
    return _machine_now() + timedelta(seconds=float(_AHEAD.read_text(encoding="ascii")))


clock.machine_now = ahead

if __name__ == "__main__":
    # Everything below takes the clock by name, so it must be set first.
    if sys.argv[1] == "settle":
        from tests.faults.settling import settle

        sys.exit(settle(sys.argv[-1]))
    from service.cli import main

    sys.exit(main())
