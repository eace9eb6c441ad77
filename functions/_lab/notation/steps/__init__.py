"""The worked steps of an evaluated experiment, as students are taught to write them.

For each quantity its mean, scatter and type A, its type B, and both together; for each line or
table of differences what belongs there; for each formula the substitution, then the propagation.
"""
