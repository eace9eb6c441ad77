"""Experiments with their figures, tasks, and the database behind them."""

import base64
import random
import struct
import time
from typing import Any

from functions._runtime.selfcheck.finding import Found, Given, Outcome
from functions._runtime.selfcheck.site import LONGEST_S, CheckFailed, Site

LARGEST_ANSWER = 1000 * 1024
"""Limit of ``callContainer`` in bytes."""
_POLLS_S = 30.0
_PNG = b"\x89PNG\r\n\x1a\n"
_PREFIX = "data:image/png;base64,"
_LEAST_WIDTH = 1000
_LABELS = ("谱线能级", "晶格光栅")
_ROUTE = "/api/plots/millikan"


def experiment(site: Site, given: Given) -> Found:
    """Millikan's experiment on fresh readings: e is right, and its figure is there, twice."""
    if not site.token:
        return Outcome.SKIPPED, "未登录"
    readings, expected = _drops()
    reply = site.ask("POST", _ROUTE, readings | {"return_data_uri": True})
    if reply.status == 404:
        return Outcome.SKIPPED, "没有装载 millikan"
    body = site.require(reply).json()
    site.runs.append(body["run_id"])
    if not any(abs(one["value"] / expected - 1) < 1e-6 for one in body["results"]):
        raise CheckFailed(f"结果中没有 e = {expected:.6e} C")
    if len(reply.body) > LARGEST_ANSWER:
        raise CheckFailed(f"回答有 {len(reply.body) // 1024} KB，超过云托管的 1000 KB")
    if reply.seconds > LONGEST_S:
        raise CheckFailed(f"用了 {reply.seconds:.1f} 秒，超过云托管的 15 秒")
    image = _image(body)
    width, height = _size(image)
    served = site.require(site.ask("GET", body["images"][0], anonymous=True))
    if served.body != image:
        raise CheckFailed("按地址取得的图片与直接附上的不同")
    size = f"{width}×{height}，{len(image) // 1024} KB"
    return Outcome.PASSED, f"密立根 e 正确，图片 {size}，{reply.seconds:.1f} 秒"


def _drops() -> tuple[dict[str, Any], float]:
    """Readings nobody sent before, and e = Σnq/Σn² of them in C: q = ne through the origin."""
    integers = [2, 2, 5, 6]
    charges = [round(n * 1.6 + random.uniform(-0.03, 0.03), 4) for n in integers]  # noqa: S311
    products = sum(n * q for n, q in zip(integers, charges, strict=True))
    return {"ni": integers, "qi": charges}, products / sum(n * n for n in integers) * 1e-19


def _image(body: Any) -> bytes:
    uri: str = body["images_data"][0]
    if not uri.startswith(_PREFIX):
        raise CheckFailed("images_data 不是 PNG 的 data URI")
    return base64.b64decode(uri.removeprefix(_PREFIX), validate=True)


def _size(image: bytes) -> tuple[int, int]:
    """Width and height of a PNG.  Raises CheckFailed where it is none, or too small to read."""
    if not image.startswith(_PNG) or len(image) < 24:
        raise CheckFailed("图片不是 PNG")
    width, height = struct.unpack(">II", image[16:24])
    if width < _LEAST_WIDTH:
        raise CheckFailed(f"图片只有 {width} 像素宽")
    return width, height


def glyphs(site: Site, given: Given) -> Found:
    """Two labels of other characters give two figures; as missing glyphs they would be alike."""
    if not site.token:
        return Outcome.SKIPPED, "未登录"
    listed = site.ask("GET", "/api/experiments")
    if listed.status == 404:
        return Outcome.SKIPPED, "没有装载 experiments"
    for line in site.require(listed).json()["items"]:
        form = site.require(site.ask("GET", f"/api/experiments/{line['name']}")).json()
        paths = [f["path"] for f in form["fields"] if f["kind"] == "text"]
        if paths:
            drawn = {_drawn(site, form, paths[0], label) for label in _LABELS}
            if len(drawn) < len(_LABELS):
                raise CheckFailed("图中的汉字画不出来：镜像里缺少中文字体")
            return Outcome.PASSED, f"汉字能画出（{form['title']}）"
    return Outcome.SKIPPED, "没有可以填写文字的实验，请看上一项的图片"


def _drawn(site: Site, form: Any, path: str, label: str) -> bytes:
    """Figure of an experiment's sample with this label."""
    readings = _replaced(form["sample"], path.replace("[]", ".[]").split("."), label)
    reply = site.require(site.ask("POST", form["route"], readings | {"return_data_uri": True}))
    body = reply.json()
    site.runs.append(body["run_id"])
    return _image(body)


def _replaced(part: Any, path: list[str], label: str) -> Any:
    """A copy of ``part`` with ``label`` at ``path``, in every item of an array on the way."""
    if not path:
        return label
    if path[0] == "[]":
        return [_replaced(item, path[1:], label) for item in part]
    inner = part.get(path[0], {} if path[1:] else "")
    return {**part, path[0]: _replaced(inner, path[1:], label)}


def task(site: Site, given: Given) -> Found:
    """``/start`` and the status route, as the mini-program uses them: the database keeps runs."""
    if not site.token:
        return Outcome.SKIPPED, "未登录"
    reply = site.ask("POST", f"{_ROUTE}/start", _drops()[0])
    if reply.status == 404:
        return Outcome.SKIPPED, "没有装载 millikan"
    run = site.require(reply).json()["task_id"]
    site.runs.append(run)
    began = time.monotonic()
    while time.monotonic() - began < _POLLS_S:
        state = site.get_json(f"/api/plots/status/{run}")
        if state["status"] == "completed":
            return Outcome.PASSED, f"提交后 {time.monotonic() - began:.1f} 秒完成，可从数据库读回"
        if state["status"] == "failed":
            raise CheckFailed(f"任务失败：{state['message']}")
        time.sleep(0.2)
    raise CheckFailed(f"任务 {_POLLS_S:.0f} 秒内没有完成")


def database(site: Site, given: Given) -> Found:
    """Which database it is, where the caller may know."""
    if not site.token:
        return Outcome.SKIPPED, "未登录"
    reply = site.ask("GET", "/api/admin/db-info")
    if reply.status in (403, 404):
        return Outcome.SKIPPED, "不是管理员，不能查看；上一项已证明数据库可用"
    info = site.require(reply).json()
    words = f"{info['backend']}，{info['database']}，{len(info['tables'])} 张表"
    if info["backend"] == "sqlite" and not site.is_local:
        return Outcome.NOTED, f"{words}；没有挂载存储卷时重启会丢失数据，建议设 MYSQL_URL"
    return Outcome.PASSED, words


def clean(site: Site, given: Given) -> Found:
    """Delete what the checks made."""
    left = 0
    for run in set(site.runs):
        left += site.ask("DELETE", f"/api/runs/{run}").status != 200
    if left:
        return Outcome.NOTED, f"有 {left} 条自检记录没有删除"
    return Outcome.PASSED, f"已删除自检产生的 {len(set(site.runs))} 条记录"
