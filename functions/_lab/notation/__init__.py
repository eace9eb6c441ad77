"""Experiments as data: quantities, formulas as trees, what is computed from them, and how it reads.

Light: nothing here loads NumPy, GTC or pint before an experiment is evaluated.
"""
