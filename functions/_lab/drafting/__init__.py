"""The drafting room behind ``_lab.drawing``: layout, text, ticks and the three output formats.

``compose`` turns a figure into a :class:`~functions._lab.drafting.sheet.Sheet`, a flat list of
lines, areas, markers and words in pixels; ``raster``, ``svg`` and ``pdf`` put a sheet into bytes.
There are no axes or artist objects: the layout is computed once, and that is why it is fast.
"""
