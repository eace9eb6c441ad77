"""Benchmarks: this bundle beside the usual way, on the same readings, in one run."""
