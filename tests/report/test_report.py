"""Reports of every experiment in every format: opened again by others' programs."""

import html.parser
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import msgspec
import pytest

from functions._report.composing import Details
from functions._runtime import reports
from functions._runtime.experiment import Experiment
from functions._runtime.reports import Format, Wanted
from tests.experiments import EXPERIMENTS, REPRESENTATIVE
from tests.functions.declared import sample
from tests.server import Server, running

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
HOSTILE = '"]#read("/etc/passwd")\\input{/etc/passwd}<script>alert(1)</script>$x$%'


def made(experiment: Experiment, format_: Format, details: Details | None = None) -> bytes:
    wanted = Wanted(format_, details or Details(), whole=True)
    return reports.report(experiment.name, experiment.sample(), msgspec.json.encode(wanted))


def results(experiment: Experiment) -> list[str]:
    readings = msgspec.json.decode(experiment.sample(), type=experiment.input)
    return [measurand.display for measurand in experiment.analyse(readings).measurands]


each = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda one: one.name)
each_kind = pytest.mark.parametrize("experiment", REPRESENTATIVE, ids=lambda one: one.name)


@each_kind
def test_word_has_native_tables_and_equations(experiment: Experiment) -> None:
    document = docx.Document(io.BytesIO(made(experiment, "docx")))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for display in results(experiment):
        assert display in text
    assert len(document.tables) >= 1
    assert document.element.findall(f".//{M}oMath") or not results(experiment)
    pictures = document.inline_shapes
    assert {round(shape.width.cm, 1) for shape in pictures} <= {15.0}


@each
def test_latex_is_whole_and_its_brackets_close(experiment: Experiment) -> None:
    packed = zipfile.ZipFile(io.BytesIO(made(experiment, "tex.zip")))
    source = packed.read("report.tex").decode()
    for name in re.findall(r"includegraphics\[width=15cm\]\{([^}]*)\}", source):
        assert packed.read(name).startswith(b"%PDF")
    bare = re.sub(r"\\[\\{}%&#$_]", "", source)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    opened = Counter(re.findall(r"\\begin\{([a-z*]+)\}", source))
    assert opened == Counter(re.findall(r"\\end\{([a-z*]+)\}", source))
    assert source.count(r"\left") == source.count(r"\right")
    assert not re.search(r"[⁻⁰¹²³⁴-⁹₀-₉\u0304]", source), "a sign that XeLaTeX's fonts may lack"


@each_kind
def test_the_page_is_well_formed(experiment: Experiment) -> None:
    source = made(experiment, "html").decode()
    open_: list[str] = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag not in ("meta", "img", "mspace"):
                open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag != "mspace":
                assert open_.pop() == tag

    Reader().feed(source)
    assert open_ == []
    for display in results(experiment):
        assert display in source


@each_kind
def test_the_pdf_is_set_with_its_figures(experiment: Experiment) -> None:
    source = made(experiment, "pdf")
    assert source.startswith(b"%PDF-")
    assert len(source) > 20_000
    assert made(experiment, "pdf") == source


def test_what_is_typed_is_never_markup(tmp_path: Path) -> None:
    """A hostile name is text in every format; Typst reads no file for it."""
    experiment = next(one for one in EXPERIMENTS if one.name == "pendulum")
    details = Details(student=HOSTILE)
    document = docx.Document(io.BytesIO(made(experiment, "docx", details)))
    assert any(HOSTILE in paragraph.text for paragraph in document.paragraphs)
    assert "<script>" not in made(experiment, "html", details).decode()
    packed = zipfile.ZipFile(io.BytesIO(made(experiment, "tex.zip", details)))
    assert r"\input{" not in packed.read("report.tex").decode()
    assert made(experiment, "pdf", details).startswith(b"%PDF-")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("report") / "data") as server:
        yield server


def test_an_own_run_is_reported_over_http_and_no_others(bundle: Server) -> None:
    with bundle.client("author") as client:
        run = client.post("/api/plots/pendulum", json=sample("pendulum")).json()["run_id"]
        address = f"/api/runs/{run}/report"
        page = client.get(f"{address}.html", params={"student": "李华", "date": "11 月 27 日"})
        assert "姓名：李华" in page.text
        assert "sandbox" in page.headers["content-security-policy"]
        for format_, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("tex.zip", b"PK")):
            answer = client.get(f"{address}.{format_}")
            assert answer.status_code == 200
            assert answer.content.startswith(start)
        bare = client.get(f"{address}.html", params={"whole": "false"}).text
        assert "实验目的" not in bare
        assert client.get(f"{address}.html", params={"student": "x" * 41}).status_code == 400
    with bundle.client("somebody") as other:
        assert other.get(f"{address}.pdf").status_code == 404
