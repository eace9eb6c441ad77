"""Functions that exist for the tests alone, laid beside the real ones in a tree of links."""
