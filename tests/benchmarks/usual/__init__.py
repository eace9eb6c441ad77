"""The usual way to make such a service, as the measure of this bundle.

Written for the comparison: pyplot, ``tight_layout``, ``bbox_inches="tight"`` at 300 dpi, the
Chinese font added in every call, ``numpy.polyfit`` and ``scipy.optimize.curve_fit``, threads behind
Starlette.  It draws the same sets of figures from the same readings, each with its points, curve,
labels, legend and fitted numbers, but no residual panels, and gives values without uncertainty
budgets and checks: it does less than the bundle, so the ratios are rather too small than too great.
"""
