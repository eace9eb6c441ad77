"""The bundle as one ASGI application: find the functions, mount them.

``uvicorn router:app`` or ``python -m router``; ``python -m router export TARGET [FUNCTION…]``
writes what a platform needs to run functions alone.
"""

import sys

from functions._runtime.application import StartRefused, assemble, refuse_to_start, serve
from functions._runtime.export import run as export

if __name__ == "__main__" and sys.argv[1:2] == ["export"]:
    sys.exit(export(sys.argv[2:]))

try:
    app = assemble()
except StartRefused as error:
    refuse_to_start(str(error))

if __name__ == "__main__":
    serve(app)
