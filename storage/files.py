"""Figure files under ``plots/{user_id}/{experiment}/`` of the data folder: a cache.

A file named ``{run}-{figure}.png`` (or .svg, .pdf) can be drawn again from its run and may be
cleared at any time.  Files of the older deployment have other names; they are read, and go only
with their user.
"""

import errno
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.errors import NameInvalid, StorageFull, StorageReadOnly, StorageUnavailable
from storage.records import RUN_ID, PlotFile

FOLDER = "plots"
ADDRESS = "/static/plots"
_FORMATS = frozenset({".png", ".svg", ".pdf"})
_LONGEST_NAME = 200
_REDRAWABLE = re.compile(r"[0-9a-f]{32}-[A-Za-z0-9_-]+\.(?:png|svg|pdf)")
_HALF_WRITTEN = re.compile(r"\..+\.tmp")
_TOUCH_AFTER_S = 60.0
_FORGOTTEN_AFTER_S = 3600.0
_LOW_WATER = 0.9
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR, errno.ENXIO})


def url(user_id: int, experiment: str, file: str) -> str:
    """Give the address of a figure."""
    return f"{ADDRESS}/{user_id}/{experiment}/{file}"


def path_of(data_dir: Path, user_id: int, experiment: str, file: str) -> Path:
    """Give the path of a figure, whether it exists or not.

    Raises
    ------
    NameInvalid : a name with a separator, NUL or leading dot, or not ending in .png, .svg or .pdf.
    """
    _check_name(experiment)
    _check_name(file)
    if os.path.splitext(file)[1] not in _FORMATS or user_id < 0:
        raise NameInvalid("figure")
    return _folder(data_dir, user_id) / experiment / file


def plot_file(data_dir: Path, user_id: int, experiment: str, file: str) -> PlotFile:
    """Give what ``plot_records`` notes of a figure; the path begins with the data folder's name."""
    path = path_of(data_dir, user_id, experiment, file)
    noted = path.relative_to(data_dir)
    return PlotFile(str(Path(data_dir.name) / noted), url(user_id, experiment, file))


def read(data_dir: Path, user_id: int, experiment: str, file: str) -> bytes | None:
    """Give the content of a figure, None where there is no such file.

    A symbolic link is not followed, wherever in the path below ``plots`` it stands.

    Raises
    ------
    NameInvalid : as :func:`path_of`.
    StorageUnavailable : the disk cannot be read.
    """
    path = path_of(data_dir, user_id, experiment, file)
    try:
        if path.parent.resolve() != _root(data_dir).resolve() / str(user_id) / experiment:
            return None
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as content:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return None
            data = content.read()
    except OSError as exception:
        if exception.errno in _ABSENT:
            return None
        raise _fault(exception) from exception
    if time.time() - status.st_mtime > _TOUCH_AFTER_S and _REDRAWABLE.fullmatch(file):
        with suppress(OSError):  # the order of clearing is all that suffers
            os.utime(path)
    return data


def write(data_dir: Path, user_id: int, experiment: str, file: str, data: bytes) -> Path:
    """Write a figure so that nobody ever reads half of it; folders are made where missing.

    Raises
    ------
    NameInvalid : as :func:`path_of`.
    StorageFull, StorageReadOnly, StorageUnavailable : the disk refuses; nothing is left behind.
    """
    path = path_of(data_dir, user_id, experiment, file)
    with _disk_faults():
        try:
            _replace(path, data)
        except FileNotFoundError:  # the folder was deleted between making and using it
            try:
                _replace(path, data)
            except FileNotFoundError as exception:
                raise StorageUnavailable(str(exception), passing=True) from exception
    return path


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with open(half, "xb") as content:
            content.write(data)
            content.flush()
            os.fsync(content.fileno())
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def delete_run(data_dir: Path, user_id: int, experiment: str, run_id: str) -> None:
    """Delete the files of a run.  Raises NameInvalid, StorageUnavailable."""
    _check_name(experiment)
    if not RUN_ID.fullmatch(run_id):
        raise NameInvalid("run")
    with _disk_faults():
        for path in (_folder(data_dir, user_id) / experiment).glob(f"*{run_id}-*"):
            path.unlink(missing_ok=True)


def delete_user(data_dir: Path, user_id: int) -> None:
    """Delete all files of a user, those of the older deployment too.  Raises StorageUnavailable."""
    folder = _folder(data_dir, user_id)
    with _disk_faults(), suppress(FileNotFoundError):
        shutil.rmtree(folder)
    if folder.exists():  # a figure was written meanwhile
        with _disk_faults(), suppress(FileNotFoundError):
            shutil.rmtree(folder)


def of_user(data_dir: Path, user_id: int) -> list[Path]:
    """Give the paths of all figures of a user, those of the older deployment too, in order."""
    return sorted(
        Path(entry.path)
        for entry in _regular_files(_folder(data_dir, user_id))
        if os.path.splitext(entry.name)[1] in _FORMATS and not entry.name.startswith(".")
    )


def run_of(file: str) -> str | None:
    """Give the id of the run that a figure belongs to; None for the older deployment's files."""
    return file.partition("-")[0] if _REDRAWABLE.fullmatch(file) else None


def kept_runs(data_dir: Path) -> dict[str, tuple[int, str]]:
    """Give user and experiment of every run that has figures here, by its id."""
    found: dict[str, tuple[int, str]] = {}
    for entry in _regular_files(_root(data_dir)):
        folder = Path(entry.path).parent
        if _REDRAWABLE.fullmatch(entry.name) and folder.parent.name.isdecimal():
            found[entry.name.partition("-")[0]] = (int(folder.parent.name), folder.name)
    return found


def evict(data_dir: Path, cap_bytes: int) -> int:
    """Clear the least recently used figures where ``plots`` has grown over ``cap_bytes``.

    Clears down to nine tenths of the cap, counting all files but deleting only what can be drawn
    again, and what a killed process left half-written an hour ago.

    Returns
    -------
    int : bytes cleared.
    """
    now, total, cleared = time.time(), 0, 0
    redrawable: list[tuple[float, int, str]] = []
    for entry in _regular_files(_root(data_dir)):
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:  # gone meanwhile, or the volume hiccups: the rest is cleared all the same
            continue
        age = now - status.st_mtime
        if _HALF_WRITTEN.fullmatch(entry.name) and age > _FORGOTTEN_AFTER_S:
            cleared += _clear(entry.path, status.st_size)
            continue
        total += status.st_size
        if _REDRAWABLE.fullmatch(entry.name):
            redrawable.append((status.st_mtime, status.st_size, entry.path))
    if total <= cap_bytes:
        return cleared
    for _, size, path in sorted(redrawable):
        if total <= cap_bytes * _LOW_WATER:
            break
        freed = _clear(path, size)
        total -= freed
        cleared += freed
    return cleared


def make_room(data_dir: Path) -> int:
    """Clear half of the figures on a full disk, which the database may share; bytes cleared."""
    total = 0
    for entry in _regular_files(_root(data_dir)):
        with suppress(OSError):
            total += entry.stat(follow_symlinks=False).st_size
    return evict(data_dir, total // 2)


def _clear(path: str, size: int) -> int:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return size
    except OSError:  # it stays, and the next one is tried
        return 0
    return size


def _regular_files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Walk the files below a folder without following links; none where it cannot be read."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _regular_files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield entry


def _root(data_dir: Path) -> Path:
    return data_dir / FOLDER


def _folder(data_dir: Path, user_id: int) -> Path:
    return _root(data_dir) / str(int(user_id))


def _check_name(name: str) -> None:
    if (
        not 0 < len(name.encode(errors="replace")) <= _LONGEST_NAME
        or name.startswith(".")
        or any(sign in "/\\" or ord(sign) < 0x20 or 0xD800 <= ord(sign) < 0xE000 for sign in name)
    ):
        raise NameInvalid("name")


@contextmanager
def _disk_faults() -> Iterator[None]:
    """Turn the disk's errors into ours, but leave "not found" to the caller."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as exception:
        raise _fault(exception) from exception


def _fault(exception: OSError) -> StorageUnavailable:
    if exception.errno in _FULL:
        return StorageFull(str(exception))
    if exception.errno in _READ_ONLY:
        return StorageReadOnly(str(exception))
    return StorageUnavailable(str(exception))
