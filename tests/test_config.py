"""The settings: every bad value names its variable, and README tells of every variable."""

import re
from pathlib import Path

import pytest

from config import SettingsError, available_cores, read_settings, variables
from tests.server import ROOT

SECRET = "q7Zr0vLwXn2Kd8Tb5Yc1Hj4Mf6Pg9Se3"


def read(tmp_path: Path, **environ: str) -> object:
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
    ],
)
def test_a_bad_value_names_its_variable_and_not_its_secret(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **{variable: value})
    assert variable in str(caught.value)
    if variable == "JWT_SECRET" and value:
        assert value not in str(caught.value)


def test_trusting_headers_needs_the_appid(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="WECHAT_APPID"):
        read(tmp_path, WECHAT_TRUST_HEADERS="1")


def test_a_data_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="DATA_DIR"):
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


def test_the_example_file_names_only_known_variables() -> None:
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(names) <= set(variables())
    for guided in ("WECHAT_APPID", "WECHAT_APP_SECRET", "MYSQL_URL", "JWT_SECRET", "CORS_ORIGINS"):
        assert guided in names


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
