"""Reading ``MYSQL_URL``."""

import traceback

import pytest

from storage.address import MysqlAddress, parse_address
from storage.database import open_database
from storage.errors import AddressInvalid
from tests.conftest import Place

GUIDE = "mysql+pymysql://user:pass@host:3306/lab_physics?charset=utf8mb4"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (GUIDE, MysqlAddress("host", 3306, "lab_physics", "user", "pass")),
        ("mysql://u:p@h/d", MysqlAddress("h", 3306, "d", "u", "p")),
        ("MySQL+PyMySQL://u:p@h:3307/d", MysqlAddress("h", 3307, "d", "u", "p")),
        ("mysql://u@h/d", MysqlAddress("h", 3306, "d", "u", "")),
        ("mysql://u:@h/d?charset=utf8", MysqlAddress("h", 3306, "d", "u", "")),
        ("mysql://u:p%40s%3A%2F%25d%23%3F@h/d", MysqlAddress("h", 3306, "d", "u", "p@s:/%d#?")),
        ("mysql://u:a%2Bb+c@h/d", MysqlAddress("h", 3306, "d", "u", "a+b+c")),
        ("mysql://u:%E5%AF%86@h/d", MysqlAddress("h", 3306, "d", "u", "密")),
        ("mysql://u%40b:p@h/my%20d", MysqlAddress("h", 3306, "my d", "u@b", "p")),
        ("mysql://u:p@[2001:db8::1]:3310/d", MysqlAddress("2001:db8::1", 3310, "d", "u", "p")),
        ("mysql://u:p@[::1]/d", MysqlAddress("::1", 3306, "d", "u", "p")),
        ("mysql://u:p@h/d?ssl_ca=/ca.pem", MysqlAddress("h", 3306, "d", "u", "p", "/ca.pem")),
    ],
)
def test_good_addresses(url: str, address: MysqlAddress) -> None:
    assert parse_address(url) == address


SECRET = "s3cr3tPassw0rd"


@pytest.mark.parametrize(
    "url",
    [
        f"postgres://u:{SECRET}@h/d",
        f"u:{SECRET}@h/d",
        f"mysql+pymysql://u:{SECRET}@h",
        f"mysql+pymysql://u:{SECRET}@h/",
        f"mysql+pymysql://u:{SECRET}@/d",
        f"mysql+pymysql://:{SECRET}@h/d",
        f"mysql+pymysql://u:{SECRET}@h:0/d",
        f"mysql+pymysql://u:{SECRET}@h:99999/d",
        f"mysql+pymysql://u:{SECRET}@h:abc/d",
        f"mysql+pymysql://u:{SECRET}@[::1/d",
        f"mysql+pymysql://u:{SECRET}@[nonsense]/d",
        f"mysql+pymysql://u:{SECRET}#1@h/d",
        f"mysql+pymysql://u:a/{SECRET}@h/d",
        f"mysql+pymysql://u:a?{SECRET}@h/d",
        f"mysql+pymysql://u:{SECRET}%ff@h/d",
        f"mysql+pymysql://u:{SECRET}@h/d?charset=latin1",
        f"mysql+pymysql://u:{SECRET}@h/d?unix_socket=/x",
        f"mysql+pymysql://u:{SECRET}@h/d%2Fe",
        f"mysql+pymysql://u:{SECRET}@h/{'d' * 65}",
        f" mysql+pymysql://u:{SECRET}@h/d",
        f"mysql+pymysql://u:{SECRET}\n@h/d",
        SECRET,
    ],
)
def test_bad_addresses_are_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(AddressInvalid) as refused:
        parse_address(url)
    assert "MYSQL_URL" in refused.value.detail
    shown = "".join(traceback.format_exception_only(refused.value)) + refused.value.message
    assert SECRET not in shown
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_password_is_not_shown_by_repr() -> None:
    assert SECRET not in repr(parse_address(f"mysql://u:{SECRET}@h/d"))


def test_info_has_no_credentials(mysql_place: Place) -> None:
    database = open_database(mysql_place.mysql_url, mysql_place.data_dir)
    info = database.info()
    assert (info.backend, info.host) == ("mysql", "127.0.0.1")
    assert isinstance(info.port, int)
    assert info.database.startswith("lab_")
    assert "p@ss" not in repr(info)
    database.close()
