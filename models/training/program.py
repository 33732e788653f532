# SPDX-License-Identifier: GPL-3.0-or-later

"""How the training scripts end: bad input in one line, termination without leftovers."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


class InputError(ValueError):
    """What the caller can mend, in one line: what is wrong, where, and what to do."""


def run(main: Callable[[], None]) -> None:
    """Runs `main`. Bad input ends the process with one line and exit code 2. SIGTERM ends it as
    Ctrl-C does, so that temporary files go and programs that it waits for end too: exit code 143."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except InputError as error:
        message = str(error)
    except OSError as error:
        message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    except subprocess.CalledProcessError as error:  # which has told the reason itself
        message = f"{error.cmd[0]} ended with exit code {error.returncode}"
    else:
        return
    print(f"{Path(sys.argv[0]).stem}: {message}", file=sys.stderr)
    sys.exit(2)
