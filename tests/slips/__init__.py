"""How many wrong units and slips of the pen the analyses name: ``python -m tests.slips``."""
