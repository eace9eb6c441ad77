"""peewee, imported without the MySQL driver.

``import peewee`` loads PyMySQL and with it ``cryptography`` whenever they are installed: 11 MiB and
0.05 s of CPU that a deployment on SQLite never uses (measured with peewee 4.5).  ``storage.mysql``
imports the driver itself, at the first connection.
"""

import sys


def _hide_driver() -> bool:
    """Make ``import pymysql`` fail for the moment; False where it is loaded already."""
    if "pymysql" in sys.modules or "peewee" in sys.modules:
        return False
    sys.modules["pymysql"] = None  # type: ignore[assignment]
    return True


_hidden = _hide_driver()
try:
    import peewee as peewee
finally:
    if _hidden:
        del sys.modules["pymysql"]

__all__ = ["peewee"]
