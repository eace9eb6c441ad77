"""The settings of the bundle: the only reader of the environment.

Every variable is declared once in :data:`VARIABLES`, with its default and what it means; the table
in README is checked against it.  :func:`load_settings` reads ``.env`` and the environment, and
raises :class:`SettingsError` naming the variable that is wrong, never its value where it is secret.
"""

import errno
import io
import os
import re
import secrets
import socket
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import parse_stream

SHORTEST_SECRET = 32
WELL_KNOWN_SECRETS = (
    "your-",
    "changeme",
    "change-me",
    "secret",
    "password",
    "dev",
    "example",
    "12345678",
)
_ORIGIN = re.compile(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.IGNORECASE)
_REASONS = {
    errno.EACCES: "权限不足",
    errno.EPERM: "权限不足",
    errno.EROFS: "文件系统是只读的",
    errno.ENOSPC: "存储空间已满",
    errno.ENOENT: "路径不存在",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "同名的文件已经存在",
    errno.EISDIR: "这是一个目录",
    errno.ENAMETOOLONG: "名字太长",
    errno.EADDRINUSE: "已被别的程序占用",
    errno.EADDRNOTAVAIL: "不是本机的地址",
    socket.EAI_NONAME: "没有这个主机名",
}


class SettingsError(Exception):
    """A setting is missing or wrong; the sentence names the variable."""


def system_reason(error: OSError) -> str:
    """Why the operating system refused, in Chinese."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("应为 0 或 1")
    return text == "1"


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        digits = text.isascii() and text.isdigit() and len(text) <= 12
        if not digits or not low <= int(text) <= high:
            raise ValueError(f"应为 {low} 到 {high} 之间的整数")
        return int(text)

    return parse


def _seconds(text: str, most: int = 3600) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= most:
        raise ValueError(f"应为大于 0、不超过 {most} 的秒数")
    return value


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in re.split("[,，]", text) if word.strip())


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.rstrip("/") for origin in _words(text))
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise ValueError("应为以逗号分隔、不带路径的网址，如 https://example.com")
    return origins


def _url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("应为 http:// 或 https:// 开头的网址")
    return text.rstrip("/")


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("应为 DEBUG、INFO、WARNING 或 ERROR")
    return text.upper()


def setting(
    variable: str,
    default: str,
    meaning: str,
    parse: Callable[[str], Any] = str,
    secret: bool = False,
) -> Any:
    """Declare one setting: its environment variable, its default as text, and its parser."""
    return field(
        repr=not secret,
        metadata={"variable": variable, "default": default, "meaning": meaning, "parse": parse},
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, read once and never changed."""

    wechat_appid: str = setting("WECHAT_APPID", "", "小程序 AppID")
    wechat_app_secret: str = setting("WECHAT_APP_SECRET", "", "小程序 Secret", secret=True)
    mysql_url: str = setting(
        "MYSQL_URL", "", "MySQL 连接串；不设时使用 data/ 下的 SQLite", secret=True
    )
    jwt_secret: str = setting(
        "JWT_SECRET", "", "签名登录令牌的随机字符串，至少 32 个字符", secret=True
    )
    jwt_expire_minutes: int = setting(
        "JWT_EXPIRE_MINUTES", "43200", "登录令牌的有效期（分钟）", _integer(1, 5_256_000)
    )
    cors_origins: tuple[str, ...] = setting(
        "CORS_ORIGINS",
        "http://localhost:5173,http://127.0.0.1:5173",
        "允许跨域访问的 H5 网址，以逗号分隔",
        _origins,
    )
    wechat_mock: bool = setting("WECHAT_MOCK", "0", "1 为模拟登录，仅供开发", _flag)
    wechat_trust_headers: bool = setting(
        "WECHAT_TRUST_HEADERS", "0", "1 为信任云托管网关加上的 X-WX-* 身份头", _flag
    )
    login_codes: bool = setting(
        "LOGIN_CODES", "1", "1 为允许用小程序里得到的六位数字登录网页", _flag
    )
    wechat_api_base: str = setting(
        "WECHAT_API_BASE", "https://api.weixin.qq.com", "微信接口地址", _url
    )
    admin_openids: tuple[str, ...] = setting(
        "ADMIN_OPENIDS", "", "登录即为管理员的 openid，以逗号分隔", _words
    )
    host: str = setting("HOST", "0.0.0.0", "监听地址")  # noqa: S104 - a container's port
    port: int = setting("PORT", "8000", "监听端口", _integer(1, 65535))
    functions: tuple[str, ...] = setting(
        "FUNCTIONS", "", "只装载这些函数，以逗号分隔；空为全部", _words
    )
    data_dir: Path = setting("DATA_DIR", "data", "数据目录：数据库、图片缓存", Path)
    plots_max_mb: int = setting(
        "PLOTS_MAX_MB", "2048", "图片缓存上限（MB），超出时清除最久未用的", _integer(1, 10_000_000)
    )
    workers: int = setting("WORKERS", "0", "计算进程数；0 为处理器核数", _integer(0, 64))
    worker_memory_mb: int = setting(
        "WORKER_MEMORY_MB", "1024", "一次分析或一幅图最多用的内存（MB）", _integer(64, 10**6)
    )
    analysis_seconds: float = setting(
        "ANALYSIS_SECONDS", "12", "一次分析或一幅图最多用的秒数", _seconds
    )
    request_seconds: float = setting(
        "REQUEST_SECONDS", "14", "一次请求最多用的秒数（云托管限 15 秒）", _seconds
    )
    receive_seconds: float = setting(
        "RECEIVE_SECONDS", "15", "请求最多几秒全部送到，回答最多几秒没人读，超过就断开", _seconds
    )
    lease_seconds: float = setting(
        "LEASE_SECONDS", "10", "任务租约的秒数；过期后由其他实例接手", partial(_seconds, most=300)
    )
    shutdown_seconds: float = setting(
        "SHUTDOWN_SECONDS", "8", "收到 SIGTERM 后完成在途任务的最长秒数", _seconds
    )
    max_body_kb: int = setting("MAX_BODY_KB", "1024", "请求体上限（KB）", _integer(1, 102_400))
    max_points: int = setting("MAX_POINTS", "50000", "一次请求的读数总数上限", _integer(10, 10**7))
    max_runs_per_user: int = setting(
        "MAX_RUNS_PER_USER", "16", "每个用户同时在途的任务数上限", _integer(1, 10_000)
    )
    max_stored_runs_per_user: int = setting(
        "MAX_STORED_RUNS_PER_USER", "3000", "每个用户保存的记录数上限", _integer(1, 10**7)
    )
    max_stored_mb_per_user: int = setting(
        "MAX_STORED_MB_PER_USER", "32", "每个用户保存的读数总量上限（MB）", _integer(1, 10**6)
    )
    max_runs: int = setting("MAX_RUNS", "256", "本实例同时在途的任务数上限", _integer(1, 100_000))
    rate_per_minute: int = setting(
        "RATE_PER_MINUTE", "240", "每个用户每分钟提交的任务数上限", _integer(1, 1_000_000)
    )
    log_level: str = setting("LOG_LEVEL", "INFO", "日志级别", _level)


def variables() -> dict[str, tuple[str, str]]:
    """Every variable with its default and its meaning, in the order of declaration."""
    return {
        f.metadata["variable"]: (f.metadata["default"], f.metadata["meaning"])
        for f in fields(Settings)
    }


def read_settings(environ: Mapping[str, str], *, serving: bool = True) -> Settings:
    """Settings from the given variables; those of tokens are needed where calls are served.

    Raises SettingsError naming the variable that is wrong or missing.
    """
    values: dict[str, Any] = {}
    for declared in fields(Settings):
        variable = declared.metadata["variable"]
        text = environ.get(variable, "").strip() or declared.metadata["default"]
        try:
            _require_finished(text, within=variable == "MYSQL_URL")
            values[declared.name] = declared.metadata["parse"](text)
        except ValueError as reason:
            raise SettingsError(f"环境变量 {variable} {reason}") from None
    _require_writable(values["data_dir"])
    if not serving:
        return Settings(**values)
    if values["wechat_trust_headers"] and not values["wechat_appid"]:
        raise SettingsError("环境变量 WECHAT_APPID 未设置：WECHAT_TRUST_HEADERS 为 1 时必须设置")
    if not values["jwt_secret"] and values["wechat_mock"]:
        values["jwt_secret"] = _kept_secret(values["data_dir"])
    elif not values["wechat_mock"]:
        _check_secret(values["jwt_secret"])
    return Settings(**values)


@cache
def load_settings(*, serving: bool = True) -> Settings:
    """Settings of this process, from the environment over ``.env`` in the working folder."""
    return read_settings({**_read_file(Path(".env")), **os.environ}, serving=serving)


def _read_file(path: Path) -> dict[str, str]:
    """Variables of a file of lines ``NAME=value``; what a line says is never silently left out.

    Raises SettingsError naming the line that cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    except UnicodeDecodeError:
        raise SettingsError(f"文件 {path} 不是 UTF-8 文本，请用 UTF-8 编码另存") from None
    except OSError as reason:
        raise SettingsError(f"文件 {path} 读不了：{system_reason(reason)}") from None
    for line in parse_stream(io.StringIO(text)):
        if line.error or (line.key is not None and line.value is None):
            blank = line.original.string[: -len(line.original.string.lstrip())].count("\n")
            raise SettingsError(f"文件 {path} 第 {line.original.line + blank} 行应为 变量=值")
    given = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in given.items() if value is not None}


def _require_finished(text: str, *, within: bool) -> None:
    """Raise ValueError for quotes that Docker left on, and for a placeholder that is left.

    ``within``: a placeholder may also be a part of the text.
    """
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        raise ValueError("的值两端带有引号，请去掉引号")
    if re.search("<[^<>]+>", text) if within else re.fullmatch("<[^<>]+>", text):
        raise ValueError("的值里还有 <…>，请换成自己的内容")


def _check_secret(secret: str) -> None:
    """Raise SettingsError where the key of the tokens could be guessed."""
    if not secret:
        raise SettingsError("环境变量 JWT_SECRET 未设置：WECHAT_MOCK 不为 1 时必须设置")
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"环境变量 JWT_SECRET 太短：至少需要 {SHORTEST_SECRET} 个字符")
    plain = secret.lower()
    if len(set(secret)) < 8 or any(plain.startswith(known) for known in WELL_KNOWN_SECRETS):
        raise SettingsError("环境变量 JWT_SECRET 是众所周知或过于简单的字符串，请换成随机字符串")


def _require_writable(data_dir: Path) -> None:
    """Raise SettingsError where nothing can be kept in the data folder."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=data_dir).close()
    except OSError as reason:
        said = system_reason(reason)
        raise SettingsError(f"环境变量 DATA_DIR 指向的目录不可写：{said}") from None


def _kept_secret(data_dir: Path) -> str:
    """A random key for development, made once and kept in the data folder."""
    path = data_dir / "jwt_secret"
    private = partial(os.open, mode=0o600)
    with suppress(FileExistsError), open(path, "x", opener=private) as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
