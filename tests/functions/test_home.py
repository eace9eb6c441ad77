"""The page over HTTP: who may see it, what the browser is told, how little is sent twice."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import read_settings
from functions import home
from tests.in_process import Client

SECRET = "q9Xw2-Zr7Lm4-Tb6Vn1-Kc8Pd3-Hs5Fj0"
ADDRESS = re.compile(r'(?:src|href)="(/[^"]*)"')


@pytest.fixture(params=["10", "01", "00"], ids=["mock", "code", "wechat"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    mock, codes = request.param
    chosen = {"WECHAT_MOCK": mock, "LOGIN_CODES": codes}
    environment = {"DATA_DIR": str(tmp_path), "JWT_SECRET": SECRET, **chosen}
    made = Client(read_settings(environment), ["home"])
    yield made
    made.close()


def test_anyone_gets_the_page_and_it_says_how_to_log_in(
    client: Client, request: pytest.FixtureRequest
) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    kind = request.node.callspec.id
    assert f'<meta name="login" content="{kind}">' in answer.text
    assert '<html lang="zh-CN">' in answer.text


def test_the_policy_allows_nothing_inline_and_nobody_else(client: Client) -> None:
    for address in ["/", f"/page/{home.version()}/main.js"]:
        policy = client.get(address).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
    text = client.get("/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)


def test_every_address_in_the_page_is_answered(client: Client) -> None:
    addresses = [a for a in ADDRESS.findall(client.get("/").text) if a.startswith("/page/")]
    assert len(addresses) > 20
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


def test_modules_import_only_files_that_exist() -> None:
    names = set(home.assets())
    for name, asset in home.assets().items():
        for wanted in re.findall(r'from "\./([^"]+)"', asset.content.decode()):
            assert wanted in names, f"{name} imports {wanted}"


def test_nothing_is_sent_twice(client: Client) -> None:
    for address in ["/", f"/page/{home.version()}/main.js"]:
        etag = client.get(address).headers["etag"]
        again = client.get(address, headers={"if-none-match": etag})
        assert again.status_code == 304
        assert again.content == b""


def test_compressed_and_plain_are_told_apart(client: Client) -> None:
    address = f"/page/{home.version()}/lab.js"
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == (home.FOLDER / "lab.js").read_bytes()
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert gzip.decompress(home.assets()["lab.js"].compressed) == plain.content


def test_an_older_page_still_finds_its_files_but_does_not_keep_them(client: Client) -> None:
    answer = client.get("/page/0123456789abcdef/main.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("file", ["index.html", "home.py", "..%2Fhome.py", "none.js"])
def test_nothing_but_the_page_is_served(client: Client, file: str) -> None:
    assert client.get(f"/page/{home.version()}/{file}").status_code == 404


@pytest.mark.parametrize("path", sorted(home.FOLDER.iterdir()), ids=lambda path: path.name)
def test_files_stay_small_and_set_texts_as_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    for forbidden in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "https://"):
        assert forbidden not in text
