"""A ledger as a finished report: HTML, LaTeX, Word and PDF from one tree."""
