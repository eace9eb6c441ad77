"""Imported once by the template process that all workers are forked from: load, then warm up."""

from functions import _lab as lab

lab.line, lab.curve, lab.segments, lab.peaks, lab.polynomial  # noqa: B018 - the import is meant
lab.checks, lab.measurand  # noqa: B018
lab.drawing.warm()
