"""The function bundle: every module here whose name has no leading underscore is one function."""
