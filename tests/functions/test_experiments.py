"""The list of experiments as it travels: compressed where the client takes it, sent once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import read_settings
from tests.in_process import Client

ADDRESS = "/api/experiments"
FORM = f"{ADDRESS}/fit"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    settings = read_settings({"WECHAT_MOCK": "1", "DATA_DIR": str(tmp_path), "WORKERS": "1"})
    made = Client(settings, ["experiments", "millikan", "fit"])
    yield made
    made.close()


def test_the_list_holds_what_is_mounted_chapter_by_chapter(client: Client) -> None:
    items = client.get(ADDRESS).json()["items"]
    assert [item["name"] for item in items] == ["millikan", "fit"]
    assert items[0]["chapter"] == "近代物理"
    assert items[0]["initials"] == "mlgyd"
    assert items[0]["symbols"][:2] == ["n", "q"]
    assert "元电荷" in items[0]["keywords"]


def test_an_experiment_comes_with_its_form_and_the_committed_sample(client: Client) -> None:
    form = client.get(f"{ADDRESS}/millikan").json()
    committed = Path("data/samples/millikan.json").read_text(encoding="utf-8")
    assert form["sample"] == json.loads(committed)
    assert form["route"] == "/api/plots/millikan"
    assert client.get(f"{ADDRESS}/fiber").status_code == 404


def test_it_is_compressed_only_for_who_can_read_that(client: Client) -> None:
    packed = client.get(FORM, headers={"accept-encoding": "gzip"})
    plain = client.get(FORM, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 3


def test_it_is_not_sent_twice(client: Client) -> None:
    etag = client.get(FORM).headers["etag"]
    again = client.get(FORM, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
