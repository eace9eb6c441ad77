"""Figure files: whole or not there, inside their folder, and cleared oldest first."""

import os
import resource
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import files
from storage.errors import NameInvalid, StorageFull, StorageReadOnly, StorageUnavailable

RUN = "0123456789abcdef" * 2
FILE = f"{RUN}-fit.png"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 1000


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_written_file_is_read_back(tmp_path: Path) -> None:
    path = files.write(tmp_path, 7, "millikan", FILE, PNG)
    assert path == tmp_path / "plots" / "7" / "millikan" / FILE
    assert files.read(tmp_path, 7, "millikan", FILE) == PNG
    assert files.url(7, "millikan", FILE) == f"/static/plots/7/millikan/{FILE}"
    files.write(tmp_path, 7, "millikan", FILE, b"new")
    assert files.read(tmp_path, 7, "millikan", FILE) == b"new"
    assert names(tmp_path) == [FILE]


def test_noted_path_fits_the_deployed_column(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 40) / "data"
    noted = files.plot_file(data_dir, 2_000_000_000, "frank-hertz", f"{RUN}-{'f' * 64}.png")
    assert noted.file_path == f"data/plots/2000000000/frank-hertz/{RUN}-{'f' * 64}.png"
    assert noted.url == f"/static/plots/2000000000/frank-hertz/{RUN}-{'f' * 64}.png"
    assert max(len(noted.file_path), len(noted.url)) <= 255


@pytest.mark.parametrize("file", ["figure.png", "20250301_油滴 1.png", "a.svg", "b.pdf"])
def test_files_of_the_older_deployment_are_served(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "plots" / "3" / "frank_hertz"
    folder.mkdir(parents=True)
    (folder / file).write_bytes(PNG)
    assert files.read(tmp_path, 3, "frank_hertz", file) == PNG


@pytest.mark.parametrize(
    ("experiment", "file"),
    [
        ("millikan", "../../../lab.sqlite"),
        ("millikan", "lab.sqlite"),
        ("millikan", "..png"),
        ("millikan", ".hidden.png"),
        ("millikan", "a/b.png"),
        ("millikan", "a\\b.png"),
        ("millikan", "a\0.png"),
        ("millikan", "a\n.png"),
        ("millikan", "\ud800.png"),
        ("millikan", "a.png/"),
        ("millikan", "a.PNG.sqlite"),
        ("millikan", ""),
        ("millikan", "x" * 300 + ".png"),
        ("..", FILE),
        (".", FILE),
        ("", FILE),
        ("a/b", FILE),
        ("a\0", FILE),
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, experiment: str, file: str) -> None:
    (tmp_path / "lab.sqlite").write_bytes(b"secret")
    with pytest.raises(NameInvalid):
        files.read(tmp_path, 1, experiment, file)
    with pytest.raises(NameInvalid):
        files.plot_file(tmp_path, 1, experiment, file)
    with pytest.raises(NameInvalid):
        files.write(tmp_path, 1, experiment, file, PNG)
    assert names(tmp_path) == ["lab.sqlite"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    folder = tmp_path / "plots" / "1" / "millikan"
    folder.mkdir(parents=True)
    (folder / "link.png").symlink_to(secret)
    (folder.parent / "elsewhere").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "plots" / "2").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "millikan").mkdir()
    (tmp_path / "millikan" / "a.png").write_bytes(b"secret")
    assert files.read(tmp_path, 1, "millikan", "link.png") is None
    assert files.read(tmp_path, 1, "elsewhere", "secret.png") is None
    assert files.read(tmp_path, 2, "millikan", "a.png") is None
    assert files.of_user(tmp_path, 1) == []


def test_data_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "volume").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "volume", target_is_directory=True)
    files.write(tmp_path / "data", 1, "millikan", FILE, PNG)
    assert files.read(tmp_path / "data", 1, "millikan", FILE) == PNG


def test_what_is_no_file_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "plots" / "1" / "millikan"
    (folder / "folder.png").mkdir(parents=True)
    os.mkfifo(folder / "pipe.png")
    for name in ("folder.png", "pipe.png", "missing.png"):
        assert files.read(tmp_path, 1, "millikan", name) is None
    assert files.read(tmp_path, 9, "millikan", "missing.png") is None
    (tmp_path / "plots" / "4").write_bytes(b"a file where a folder should be")
    assert files.read(tmp_path, 4, "millikan", "a.png") is None


def test_nobody_reads_half_a_file(tmp_path: Path) -> None:
    contents = [bytes([n]) * 200_000 for n in range(4)]
    files.write(tmp_path, 1, "millikan", FILE, contents[0])
    stop = threading.Event()

    def keep_reading() -> int:
        reads = 0
        while not stop.is_set():
            assert files.read(tmp_path, 1, "millikan", FILE) in contents
            reads += 1
        return reads

    with ThreadPoolExecutor(3) as threads:
        readers = [threads.submit(keep_reading) for _ in range(2)]
        for n in range(60):
            files.write(tmp_path, 1, "millikan", FILE, contents[n % 4])
        stop.set()
        assert all(reader.result() > 0 for reader in readers)
    assert names(tmp_path) == [FILE]


def test_deleted_folder_is_made_again(tmp_path: Path) -> None:
    files.write(tmp_path, 1, "millikan", FILE, PNG)
    files.delete_user(tmp_path, 1)
    (tmp_path / "plots").rmdir()
    assert files.read(tmp_path, 1, "millikan", FILE) is None
    files.write(tmp_path, 1, "millikan", FILE, PNG)
    assert files.read(tmp_path, 1, "millikan", FILE) == PNG


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the kernel refuse to write more, as on a full disk (EFBIG for ENOSPC)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    files.write(tmp_path, 1, "millikan", FILE, b"old")
    with largest_file(4096), pytest.raises(StorageFull) as refused:
        files.write(tmp_path, 1, "millikan", FILE, b"x" * 100_000)
    assert refused.value.message.startswith("服务器存储空间已满")
    assert files.read(tmp_path, 1, "millikan", FILE) == b"old"
    assert names(tmp_path) == [FILE]


@pytest.mark.parametrize(
    ("number", "kind"),
    [(28, StorageFull), (122, StorageFull), (30, StorageReadOnly), (13, StorageReadOnly),
     (5, StorageUnavailable)],
)  # fmt: skip
def test_faults_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    """28 ENOSPC, 122 EDQUOT, 30 EROFS, 13 EACCES, 5 EIO: errno.h of Linux."""

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageUnavailable) as refused:
        files.write(tmp_path, 1, "millikan", FILE, PNG)
    assert type(refused.value) is kind
    assert names(tmp_path) == []


def test_delete_run_takes_only_its_files(tmp_path: Path) -> None:
    other = "f" * 32
    for run in (RUN, other):
        for figure in ("fit.png", "residuals.svg"):
            files.write(tmp_path, 1, "millikan", f"{run}-{figure}", PNG)
    files.write(tmp_path, 1, "millikan", "old.png", PNG)
    files.delete_run(tmp_path, 1, "millikan", RUN)
    files.delete_run(tmp_path, 1, "fiber", RUN)
    assert names(tmp_path) == [f"{other}-fit.png", f"{other}-residuals.svg", "old.png"]
    for run in ("", "*", "../" + RUN[3:], RUN.upper()):
        with pytest.raises(NameInvalid):
            files.delete_run(tmp_path, 1, "millikan", run)


def write_aged(data_dir: Path, user_id: int, file: str, size: int, age_s: float) -> Path:
    path = files.write(data_dir, user_id, "millikan", file, b"x" * size)
    moment = time.time() - age_s
    os.utime(path, (moment, moment))
    return path


def test_least_recently_used_figures_are_cleared_first(tmp_path: Path) -> None:
    runs = [f"{n:032x}" for n in range(10)]
    paths = [
        write_aged(tmp_path, n % 2, f"{run}-fit.png", 100, 10_000 - 100 * n)
        for n, run in enumerate(runs)
    ]
    assert files.read(tmp_path, 0, "millikan", f"{runs[0]}-fit.png") is not None
    assert files.evict(tmp_path, 1000) == 0
    # 1000 bytes over a cap of 700: down to 630, so four of 100 go, and run 0 was just read.
    assert files.evict(tmp_path, 700) == 400
    assert [path.exists() for path in paths] == [True] + [False] * 4 + [True] * 5


def test_files_of_the_older_deployment_are_never_cleared(tmp_path: Path) -> None:
    old = [
        write_aged(tmp_path, 1, name, 1000, 10**7)
        for name in ("fit.png", "油滴.png", f"{RUN}.png", f"{'A' * 32}-fit.png", "abc-fit.png")
    ]
    ours = write_aged(tmp_path, 1, FILE, 10, 0)
    assert files.evict(tmp_path, 100) == 10
    assert not ours.exists()
    assert all(path.exists() for path in old)


def test_a_file_that_cannot_be_looked_at_does_not_end_the_clearing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """116 is ESTALE, which a volume on the network answers now and then."""

    class Stale:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.path, self._entry = entry.name, entry.path, entry

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            if self.name.startswith("0" * 31 + "1"):
                raise OSError(116, os.strerror(116))
            return self._entry.stat(follow_symlinks=follow_symlinks)

    paths = [write_aged(tmp_path, 1, f"{n:032x}-fit.png", 100, 1000 - n) for n in range(4)]
    walk = files._regular_files
    monkeypatch.setattr(files, "_regular_files", lambda folder: map(Stale, walk(folder)))
    assert files.evict(tmp_path, 200) == 200
    assert [path.exists() for path in paths] == [False, True, False, True]
    assert files.make_room(tmp_path) == 100


def test_what_a_killed_process_left_is_cleared_after_an_hour(tmp_path: Path) -> None:
    path = files.write(tmp_path, 1, "millikan", FILE, PNG)
    old, young = (path.with_name(f".{FILE}.{name}.tmp") for name in ("old", "young"))
    for half in (old, young):
        half.write_bytes(b"x" * 50)
    os.utime(old, (1, 1))
    assert files.evict(tmp_path, 10**9) == 50
    assert (old.exists(), young.exists(), path.exists()) == (False, True, True)
    assert files.of_user(tmp_path, 1) == [path]


def test_runs_that_have_figures_here(tmp_path: Path) -> None:
    other = "f" * 32
    for user_id, file in ((1, FILE), (1, f"{RUN}-b.svg"), (2, f"{other}-fit.png"), (1, "old.png")):
        files.write(tmp_path, user_id, "millikan", file, PNG)
    (tmp_path / "plots" / "x" / "fiber").mkdir(parents=True)
    (tmp_path / "plots" / "x" / "fiber" / FILE).write_bytes(PNG)
    assert files.kept_runs(tmp_path) == {RUN: (1, "millikan"), other: (2, "millikan")}
    assert files.run_of(FILE) == RUN
    assert [files.run_of(name) for name in ("old.png", f"{RUN}.png", f"{RUN}-图.png")] == [None] * 3


def test_clearing_an_absent_folder(tmp_path: Path) -> None:
    assert files.evict(tmp_path / "missing", 0) == 0
    files.delete_user(tmp_path / "missing", 1)
    assert files.of_user(tmp_path / "missing", 1) == []
