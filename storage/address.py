"""The address of a MySQL database, as the deployment guide writes it.

``mysql+pymysql://user:pass@host:3306/lab_physics?charset=utf8mb4``
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from storage.errors import AddressInvalid

_SCHEMES = frozenset({"mysql", "mysql+pymysql"})
_DEFAULT_PORT = 3306
_LONGEST_NAME = 64  # MySQL 8.0 Reference Manual, 11.2.1 Identifier Length Limits


@dataclass(frozen=True)
class MysqlAddress:
    """Where a MySQL database is and how to log in; its repr holds no password."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    ssl_ca: str | None = None


def parse_address(url: str) -> MysqlAddress:
    """Read ``MYSQL_URL``.

    User, password and database may be percent-encoded; an IPv6 host stands in brackets; the port
    may be missing (3306); ``charset`` may be utf8mb4, or utf8 and utf8mb3 which are raised to
    utf8mb4; ``ssl_ca`` is the path of a certificate authority.

    Raises
    ------
    AddressInvalid : the reason, never the URL or a part of it that may be the password.
    """
    if url != url.strip() or any(ord(sign) < 0x20 for sign in url):
        raise AddressInvalid("MYSQL_URL 首尾有空白或含有控制字符")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AddressInvalid("MYSQL_URL 不是合法的地址（方括号或主机名有误）") from None
    if parts.scheme.lower() not in _SCHEMES:
        raise AddressInvalid("MYSQL_URL 应以 mysql+pymysql:// 开头")
    if parts.fragment or "#" in url:
        raise AddressInvalid("MYSQL_URL 含有 #：用户名或密码中的特殊字符须写成 %XX 形式")
    try:
        port = parts.port
    except ValueError:
        raise AddressInvalid(
            "MYSQL_URL 的端口不是 1–65535 的整数（密码中的 / ? # @ : 须写成 %XX 形式）"
        ) from None
    if port == 0:
        raise AddressInvalid("MYSQL_URL 的端口不能是 0")
    if not parts.hostname:
        raise AddressInvalid("MYSQL_URL 缺少主机名")
    if not parts.username:
        raise AddressInvalid("MYSQL_URL 缺少用户名")
    return MysqlAddress(
        host=parts.hostname,
        port=port or _DEFAULT_PORT,
        database=_database_name(parts.path),
        user=_decoded(parts.username),
        password=_decoded(parts.password or ""),
        ssl_ca=_options(parts.query),
    )


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise AddressInvalid("MYSQL_URL 的用户名、密码或库名不是 UTF-8 的 %XX 形式") from None


def _database_name(path: str) -> str:
    name = _decoded(path.removeprefix("/"))
    if not name:
        raise AddressInvalid("MYSQL_URL 缺少数据库名（例如 /lab_physics）")
    if len(name) > _LONGEST_NAME or any(sign in name for sign in "/\\\0") or name != name.rstrip():
        raise AddressInvalid("MYSQL_URL 的数据库名不合法")
    return name


def _options(query: str) -> str | None:
    """Return ``ssl_ca``; refuse what we would otherwise silently leave out."""
    options = dict(parse_qsl(query, keep_blank_values=True))
    charset = options.pop("charset", "utf8mb4").lower()
    if charset not in {"utf8mb4", "utf8", "utf8mb3"}:
        raise AddressInvalid("MYSQL_URL 的 charset 应为 utf8mb4")
    ssl_ca = options.pop("ssl_ca", None)
    if options:
        raise AddressInvalid("MYSQL_URL 含有不认识的参数，只支持 charset 和 ssl_ca")
    return ssl_ca
