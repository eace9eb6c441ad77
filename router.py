"""The bundle as one ASGI application: find the functions, mount them.

``uvicorn router:app`` or ``python -m router``.
"""

import sys

from config import SettingsError, load_settings
from functions._runtime.application import bundle, serve
from functions._runtime.discovery import DiscoveryError, discover
from storage.errors import AddressInvalid

try:
    settings = load_settings()
    app = bundle(discover(settings.functions), settings)
except (SettingsError, DiscoveryError) as error:
    sys.exit(f"无法启动：{error}")
except AddressInvalid as error:
    sys.exit(f"无法启动：{error.message}：{error.detail}")

if __name__ == "__main__":
    serve(app)
