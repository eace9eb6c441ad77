"""The settings: every bad value names its variable, and README tells of every variable."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings, SettingsError, load_settings, read_settings, variables
from functions._runtime.cores import available_cores
from tests.server import ROOT

SECRET = "q7Zr0vLwXn2Kd8Tb5Yc1Hj4Mf6Pg9Se3"


def read(tmp_path: Path, **environ: str) -> Settings:
    base = {"DATA_DIR": str(tmp_path / "data"), "JWT_SECRET": SECRET}
    return read_settings(base | environ)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "８０"),
        ("WORKERS", "-1"),
        ("WECHAT_MOCK", "true"),
        ("WECHAT_TRUST_HEADERS", "on"),
        ("JWT_EXPIRE_MINUTES", "1.5"),
        ("CORS_ORIGINS", "example.com"),
        ("LEASE_SECONDS", "0"),
        ("LEASE_SECONDS", "nan"),
        ("REQUEST_SECONDS", "inf"),
        ("LOG_LEVEL", "LOUD"),
        ("WECHAT_API_BASE", "api.weixin.qq.com"),
        ("JWT_SECRET", ""),
        ("JWT_SECRET", "short"),
        ("JWT_SECRET", "your-secret-key-please-change-me-now"),
        ("JWT_SECRET", "0" * 64),
        ("JWT_SECRET", f'"{SECRET}"'),
        ("JWT_SECRET", "<一个随机字符串，用 openssl rand -base64 48 生成>"),
        ("PORT", "9" * 5000),
        ("CORS_ORIGINS", "https://example.com/h5"),
        ("CORS_ORIGINS", "https://<你的 H5 域名>"),
        ("WECHAT_APPID", "<小程序 AppID>"),
        ("WECHAT_APPID", "'wx1234567890abcdef'"),
        ("MYSQL_URL", "mysql+pymysql://<user>:<pass>@<host>:3306/lab_physics"),
        ("MYSQL_URL", '"mysql+pymysql://u:p@h/lab"'),
    ],
)
def test_a_bad_value_names_its_variable_and_not_its_secret(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **{variable: value})
    assert variable in str(caught.value)
    assert not re.search("[a-z]{3,} [a-z]{3,}", str(caught.value)), "an English sentence"
    if variable in ("JWT_SECRET", "MYSQL_URL") and value:
        assert value not in str(caught.value)


def test_trusting_headers_needs_the_appid(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="WECHAT_APPID"):
        read(tmp_path, WECHAT_TRUST_HEADERS="1")


def test_a_chinese_comma_separates_too(tmp_path: Path) -> None:
    settings = read(
        tmp_path, CORS_ORIGINS="https://a.cn，https://b.cn/", ADMIN_OPENIDS="o1， o2,o3"
    )
    assert settings.cors_origins == ("https://a.cn", "https://b.cn")
    assert settings.admin_openids == ("o1", "o2", "o3")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder in which none of our variables is set but the data folder."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    load_settings.cache_clear()
    yield tmp_path
    load_settings.cache_clear()


LINES = f"""# 注释
WECHAT_MOCK = 0
export JWT_SECRET="{SECRET}"
PORT=8123 # inline
ADMIN_OPENIDS='o1,o2'

WECHAT_APP_SECRET=a${{HOME}}b
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_an_env_file_as_a_beginner_saves_it(folder: Path, mark: str, end: str) -> None:
    (folder / ".env").write_bytes((mark + LINES.replace("\n", end)).encode())
    settings = load_settings()
    assert settings.jwt_secret == SECRET
    assert (settings.port, settings.wechat_mock) == (8123, False)
    assert settings.admin_openids == ("o1", "o2")
    assert settings.wechat_app_secret == "a${HOME}b"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LINES.encode("utf-16"), "UTF-8"),
        (LINES.encode("gbk"), "UTF-8"),
        ((LINES + "MYSQL_URL＝mysql+pymysql://u:hunter2@h/d\n").encode(), "第 8 行"),
        ((b"WECHAT_MOCK=1\n\n\nWECHAT_APPID\n"), "第 4 行"),
        ((b"WECHAT_MOCK=1\nWECHAT_APP_SECRET='hunter2\n"), "第 2 行"),
    ],
    ids=["utf-16", "gbk", "a wide sign", "no value", "an open quote"],
)
def test_no_line_of_the_env_file_is_left_out_silently(
    folder: Path, content: bytes, said: str
) -> None:
    (folder / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_a_data_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="DATA_DIR 指向的目录不可写：路径中有一段不是目录"):
        read_settings({"DATA_DIR": str(tmp_path / "file" / "data"), "JWT_SECRET": SECRET})


def test_secrets_are_in_no_representation(tmp_path: Path) -> None:
    settings = read(
        tmp_path, WECHAT_APP_SECRET="hunter2", MYSQL_URL="mysql+pymysql://u:hunter3@h/d"
    )
    assert not re.search("hunter|" + SECRET, repr(settings))


def test_mock_login_keeps_a_random_key_for_the_owner_alone(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path / "data"), "WECHAT_MOCK": "1"}
    first, second = read_settings(environ), read_settings(environ)
    assert first.jwt_secret == second.jwt_secret
    assert len(first.jwt_secret) >= 32
    assert (tmp_path / "data/jwt_secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_settings_table_tells_of_every_variable_with_its_default(name: str) -> None:
    text = (ROOT / name).read_text()
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", text, re.MULTILINE))
    expected = {v: f"`{default}`" if default else "" for v, (default, _) in variables().items()}
    assert {variable: cell.strip() for variable, cell in rows.items()} == expected


def test_the_example_file_shows_every_variable_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    expected = {name: default for name, (default, _) in variables().items()}
    assert shown == expected | {"WECHAT_MOCK": "1"}


def test_the_example_file_can_be_used_as_it_is(folder: Path) -> None:
    (folder / ".env").write_text((ROOT / ".env.example").read_text())
    assert load_settings().wechat_mock


@pytest.mark.parametrize(
    ("files", "most"),
    [
        ({"cpu.max": "25000 100000\n"}, 1),
        ({"cpu.max": "max 100000\n"}, 10**6),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 10**6),
        ({}, 10**6),
    ],
)
def test_a_containers_quota_bounds_the_workers(
    tmp_path: Path, files: dict[str, str], most: int
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    unbounded = available_cores(tmp_path / "nothing")
    assert available_cores(tmp_path) == min(unbounded, most)
