"""The answers about a run, inside the platform's limit of 1000 KiB."""

import base64

import msgspec
from msgspec import UNSET

from functions._lab.result import Caution
from functions._runtime.experiment import AppliedRules, Findings, Plots
from storage import files
from storage.records import COMPLETED, FAILED, RunHead, RunRecord

LARGEST_ANSWER = 1000 * 1024
_FRAME = 2048
"""Room for the keys, the addresses and the headers of an answer."""

_RENEWED = "；分析程序已更新，已按新程序重新计算"
_PREFIX = "data:image/png;base64,"


class RunStatus(msgspec.Struct, frozen=True):
    """Answer of the status route, as the deployed client reads it."""

    status: str
    images: list[str]
    images_data: list[str] | None
    message: str
    run_id: str
    results: msgspec.Raw
    fits: msgspec.Raw
    warnings: msgspec.Raw
    rules: AppliedRules | msgspec.UnsetType = UNSET


def addresses(run: RunRecord | RunHead, user_id: int) -> list[str]:
    """Addresses of a user's run's figures."""
    return [files.url(user_id, run.experiment, f"{run.id}-{name}.png") for name in run.figures]


def plots(
    run: RunRecord,
    images: list[bytes] | None,
    cautions: list[Caution],
    *,
    renewed: bool = False,
) -> Plots:
    """Answer for a completed run.

    ``images`` are its figures where the caller wants them inside; ``cautions`` those about this
    request alone; ``renewed`` where the same readings had been analysed before an update.
    """
    found = msgspec.json.decode(run.results or "{}", type=Findings)
    data, message = fitting_images(run, images)
    return Plots(
        addresses(run, run.user_id),
        data,
        message + _RENEWED * renewed,
        run.id,
        found.results,
        found.fits,
        found.warnings + cautions,
        found.rules,
    )


def status(run: RunRecord, images: list[bytes] | None, *, renewed: bool = False) -> RunStatus:
    """Answer about a run in any state; ``images`` and ``renewed`` as for :func:`plots`."""
    if run.status == COMPLETED:
        parts = msgspec.json.decode(run.results or "{}", type=dict[str, msgspec.Raw])
        data, message = fitting_images(run, images)
        return RunStatus(
            run.status,
            addresses(run, run.user_id),
            data,
            message + _RENEWED * renewed,
            run.id,
            parts["results"],
            parts["fits"],
            parts["warnings"],
            applied(parts),
        )
    state = run.status if run.status == FAILED else "pending"
    empty = msgspec.Raw(b"[]")
    return RunStatus(state, [], None, run.message, run.id, empty, empty, empty)


def applied(parts: dict[str, msgspec.Raw]) -> AppliedRules | msgspec.UnsetType:
    """The rule of a run's findings, given as their parts."""
    return msgspec.json.decode(parts["rules"], type=AppliedRules) if "rules" in parts else UNSET


def fitting_images(run: RunRecord, images: list[bytes] | None) -> tuple[list[str] | None, str]:
    """As many images as fit into one answer, addresses for the rest, and what to say of it."""
    if images is None:
        return None, "已完成"
    room = LARGEST_ANSWER - _FRAME - len((run.results or "").encode())
    room -= 2 * sum(len(address) + 4 for address in addresses(run, run.user_id))
    data = []
    left_out = 0
    for image, address in zip(images, addresses(run, run.user_id), strict=True):
        size = len(_PREFIX) + 4 * ((len(image) + 2) // 3) + 4
        if size <= room:
            room -= size
            data.append(_PREFIX + base64.b64encode(image).decode())
        else:
            left_out += 1
            data.append(address)
    return data, f"已完成，有 {left_out} 幅图因大小所限请按地址查看" if left_out else "已完成"
