"""Printers of mathematics: one tree, and Unicode, MathML, LaTeX, Typst and OMML made of it."""
