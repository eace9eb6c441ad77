"""The list of experiments as it travels: compressed where the client takes it, sent once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import read_settings
from tests.in_process import Client

ADDRESS = "/api/experiments"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    settings = read_settings({"WECHAT_MOCK": "1", "DATA_DIR": str(tmp_path), "WORKERS": "1"})
    made = Client(settings, ["experiments", "millikan", "fit"])
    yield made
    made.close()


def test_the_list_holds_what_is_mounted_with_the_committed_samples(client: Client) -> None:
    items = client.get(ADDRESS).json()["items"]
    assert [item["name"] for item in items] == ["fit", "millikan"]
    committed = Path("data/samples/millikan.json").read_text(encoding="utf-8")
    assert items[1]["sample"] == json.loads(committed)


def test_it_is_compressed_only_for_who_can_read_that(client: Client) -> None:
    packed = client.get(ADDRESS, headers={"accept-encoding": "gzip"})
    plain = client.get(ADDRESS, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 3


def test_it_is_not_sent_twice(client: Client) -> None:
    etag = client.get(ADDRESS).headers["etag"]
    again = client.get(ADDRESS, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
