"""Imported once by the template process that all workers are forked from: load, then warm up.

Set here, once for all workers:

- One thread for linear algebra.  The matrices of an experiment are small, and OpenBLAS's threads
  would mostly wait for each other, busily, on the cores of the other workers.  Read by OpenBLAS
  when NumPy is loaded, so before anything else.
- Large blocks of memory are given back when they are done with.
- What is loaded, the experiments with it, is put out of the garbage collector's sight, so that its
  passes over a worker's memory do not touch, and thereby copy, the pages shared with the template.
"""

import contextlib
import gc
import os

from functions import _lab as lab
from functions._lab import dimension
from functions._runtime import heap
from functions._runtime.discovery import DiscoveryError, function_names, load
from functions._runtime.experiment import SAMPLES

_HEAP_KEPT_MIB = 8
"""Canvases are given back: keeping one for the next figure takes 14 MB, and saves 6 % of time."""

heap.bound(_HEAP_KEPT_MIB)
os.putenv("OPENBLAS_NUM_THREADS", "1")

for name in lab.__all__:
    getattr(lab, name)
for name in function_names():
    if (SAMPLES / f"{name.replace('_', '-')}.json").exists():
        with contextlib.suppress(DiscoveryError):  # the serving process says so where it matters
            load(name)
dimension.size("m")  # pint reads its definitions: 0.2 s that every worker would take
lab.drawing.warm()

gc.collect()
gc.freeze()
heap.trim()
