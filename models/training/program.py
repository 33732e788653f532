# SPDX-License-Identifier: GPL-3.0-or-later

"""How the training scripts end: bad input in one line, termination without leftovers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


class InputError(ValueError):
    """What the caller can mend, in one line: what is wrong, where, and what to do."""


def prepare_output(path: Path) -> None:
    """Makes the folder of a file to be written hours later. Raises InputError where it cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(f"{path} cannot be written; name another file")


def run(main: Callable[[], None]) -> None:
    """Runs `main`. Bad input ends the process with one line and exit code 2. SIGTERM ends it as
    Ctrl-C does, so that temporary files go and programs that it waits for end too: exit code 143, of
    Ctrl-C 130."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
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
