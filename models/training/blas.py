# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings that OpenBLAS and OpenMP read when numpy and torch load them: import this module first.

Debian 12's OpenBLAS 0.3.21 knows no processor made after it and then leaves AVX-512 unused, which
halves the speed of matrix products; naming a processor that has it helps.
"""

import os
from pathlib import Path


def _has_avx512() -> bool:
    try:
        return " avx512vl " in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if _has_avx512():
    os.environ.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
