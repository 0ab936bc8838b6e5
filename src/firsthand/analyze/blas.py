"""One thread for numpy's products of matrices: several cost more processor time than they save on matrices this small.

With one thread numpy's own library takes a third of the time that spaCy's (BLIS) takes; with two they wait for each other.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import numpy as np

__all__ = ["one_thread"]

_FOLDER = "numpy.libs"
_SET = "scipy_openblas_set_num_threads64_"


@cache
def one_thread() -> bool:
    """Have numpy multiply in one thread from now on, in this process; whether it does (other builds have other means)."""
    for path in sorted((Path(np.__file__).parents[1] / _FOLDER).glob("libscipy_openblas*")):
        try:
            set_threads = getattr(ctypes.CDLL(str(path)), _SET)
        except (OSError, AttributeError):
            continue
        set_threads.argtypes, set_threads.restype = [ctypes.c_int], None
        set_threads(1)
        return True
    return False
