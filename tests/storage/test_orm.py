"""What importing the storage costs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from storage import files, history, plots, runs, users
from storage.database import open_database
database = open_database(None, Path(sys.argv[1]))
user = users.find_or_create(database, "student")
runs.accept(database, user.user_id, "millikan", "d", "{}", False)
loaded = {name.partition(".")[0] for name in sys.modules}
print(sorted(loaded & {"pymysql", "cryptography", "numpy", "scipy", "matplotlib", "starlette"}))
import pymysql
print(pymysql.__name__)
"""


def test_sqlite_needs_no_mysql_driver(tmp_path: Path) -> None:
    """The driver stays out while unused, and can still be imported by others afterwards."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\npymysql\n", "")
