"""Where the data are, for an admin; no credentials."""

from typing import Any

from msgspec import Struct

from functions._runtime.function import Access, Call, Endpoint, Function


class DatabaseInfo(Struct, frozen=True):
    """The database as the deployed client reads it; host and port are null for SQLite."""

    backend: str
    host: str | None
    port: int | None
    database: str
    tables: list[str]


async def handle(call: Call[Any]) -> DatabaseInfo:
    """Backend, host, port, name and tables."""
    info = await call.blocking(call.services.database.info)
    return DatabaseInfo(info.backend, info.host, info.port, info.database, info.tables)


function = Function(
    __file__,
    "数据库信息",
    [
        Endpoint(
            "/api/admin/db-info",
            "GET",
            "数据库信息（管理员）",
            handle,
            output=DatabaseInfo,
            access=Access.ADMIN,
        )
    ],
)
app = function.app
