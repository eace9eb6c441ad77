"""The bundle as one ASGI application: find the functions, mount them.

``uvicorn router:app`` or ``python -m router``; ``python -m router export TARGET [FUNCTION…]``
writes what a platform needs to run functions alone.
"""

import sys

from config import SettingsError, load_settings
from functions._runtime.application import bundle, serve
from functions._runtime.discovery import DiscoveryError, discover
from functions._runtime.export import run as export
from storage.errors import AddressInvalid

if __name__ == "__main__" and sys.argv[1:2] == ["export"]:
    sys.exit(export(sys.argv[2:]))

try:
    settings = load_settings()
    app = bundle(discover(settings.functions), settings)
except (SettingsError, DiscoveryError) as error:
    sys.exit(f"无法启动：{error}")
except AddressInvalid as error:
    sys.exit(f"无法启动：{error.message}：{error.detail}")

if __name__ == "__main__":
    serve(app)
