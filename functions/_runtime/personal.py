"""Everything that is stored of one person: taken away as one zip, or erased."""

import io
import logging
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from functions._runtime.blocking import in_thread
from functions._runtime.gallery import Gallery
from functions._runtime.services import Services
from functions._runtime.table import table
from storage import courses, files, hand_ins, history, plots, users
from storage.database import Database
from storage.records import RunRecord, UserRecord

log = logging.getLogger(__name__)

_READ_ME = """本压缩包是您在大学物理实验服务中的全部数据。

user.json           您的用户信息
plot_records.json   生成过的图片的登记
classes.json        所在的班级、交给老师的实验、成绩与评语
runs/               每条记录一个文件夹：
    run.json            记录的状态与时间
    readings.json       提交的读数，每个数都与提交时一字不差
    readings.csv        同样的读数，可用 Excel 打开
    results.json        计算结果、拟合与提示
    *.png               图
older/              早先版本生成的图片
missing.txt         （如有）本次无法重新绘制的图
"""


async def export(services: Services, user: UserRecord) -> AsyncIterator[bytes]:
    """A zip of all that is stored of a user, piece by piece as it is made.

    Figures whose files are gone are drawn again; one that cannot be is named in ``missing.txt``.
    """
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED)
    database = services.database
    records = await in_thread(plots.of_user, database, user.user_id)
    await in_thread(archive.writestr, "说明.txt", _READ_ME)
    await in_thread(archive.writestr, "user.json", _pretty(user))
    await in_thread(archive.writestr, "plot_records.json", _pretty(records))
    await in_thread(archive.writestr, "classes.json", await in_thread(_classes, database, user))
    missing: list[str] = []
    known: set[str] = set()
    every = history.all_of(database, user.user_id)
    while run := await in_thread(next, every, None):
        yield sink.take()
        known.add(run.id)
        await in_thread(_add_run, archive, run)
        missing += await _add_figures(archive, services.runs.gallery, run)
    for path in await in_thread(files.of_user, database.data_dir, user.user_id):
        if path.name.partition("-")[0] not in known:
            yield sink.take()
            await in_thread(_add_older, archive, path.parent.name, path.name, path)
    if missing:
        await in_thread(archive.writestr, "missing.txt", "\n".join(missing) + "\n")
    await in_thread(archive.close)
    yield sink.take()


async def erase(services: Services, user: UserRecord) -> bool:
    """Erase a user with all runs, figures and files; False where that was done already."""
    return await in_thread(users.erase, services.database, user.user_id)


def _classes(database: Database, user: UserRecord) -> bytes:
    """Classes that a person is in or teaches, and what they handed in."""
    number = user.user_id
    attended, taught = courses.attended_by(database, number), courses.taught_by(database, number)
    found = {"classes": attended, "taught": taught, "handed_in": hand_ins.of_user(database, number)}
    return _pretty(found)


def _add_run(archive: zipfile.ZipFile, run: RunRecord) -> None:
    folder = _folder(run)
    about = {
        "id": run.id,
        "experiment": run.experiment,
        "status": run.status,
        "message": run.message,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
        "figures": run.figures,
    }
    archive.writestr(f"{folder}/run.json", _pretty(about))
    archive.writestr(f"{folder}/readings.json", run.readings)
    archive.writestr(f"{folder}/readings.csv", b"".join(table(run.readings)))
    if run.results is not None:
        archive.writestr(f"{folder}/results.json", run.results)


async def _add_figures(archive: zipfile.ZipFile, gallery: Gallery, run: RunRecord) -> list[str]:
    """Add the figures of a run; the paths of those that cannot be had."""
    missing = []
    for name in run.figures:
        path = f"{_folder(run)}/{name}.png"
        try:
            data = await gallery.figure(run, name, "png")
        except Exception as error:  # one figure must not keep a person from all the rest
            log.warning("figure %s of run %s not exported", name, run.id, exc_info=error)
            missing.append(path)
        else:
            await in_thread(archive.writestr, path, data, zipfile.ZIP_STORED)
    return missing


def _add_older(archive: zipfile.ZipFile, experiment: str, file: str, path: Any) -> None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:  # cleared meanwhile
        return
    archive.writestr(f"older/{experiment}/{file}", data, zipfile.ZIP_STORED)


def _folder(run: RunRecord) -> str:
    return f"runs/{run.created_at:%Y%m%d-%H%M%S}-{run.experiment}-{run.id[:8]}"


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)


class _Sink(io.RawIOBase):
    """What the zip writes, until it is taken; never all of it at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """All that was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
