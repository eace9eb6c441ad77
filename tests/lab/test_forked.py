"""Workers forked after warming up draw at the same time: each its own glyphs, none another's."""

import hashlib
import multiprocessing
from multiprocessing.connection import Connection

from functions._lab import drawing
from functions._lab.figure import Figure, Panel, Points

TEXTS = [chr(0x4E00 + 37 * n) + chr(0x5000 + 53 * n) + chr(0x6000 + 71 * n) for n in range(60)]


def figure(text: str) -> Figure:
    points = Points([1.0, 2.0, 3.0], [1.0, 4.0, 9.0], text)
    return Figure(text, [Panel(f"{text} / V", f"{text} / mA", [points])])


def draw_all(texts: list[str], answer: Connection) -> None:
    answer.send([hashlib.sha256(drawing.render(figure(text))).hexdigest() for text in texts])


def test_figures_drawn_by_forked_processes_at_once_are_those_drawn_alone() -> None:
    drawing.warm()
    context = multiprocessing.get_context("fork")
    started = []
    for number in range(4):
        ours, theirs = context.Pipe(duplex=False)
        turned = TEXTS[number * 15 :] + TEXTS[: number * 15]
        process = context.Process(target=draw_all, args=(turned, theirs))
        process.start()
        started.append((turned, ours, process))
    drawn = []
    for turned, ours, process in started:
        drawn.append(dict(zip(turned, ours.recv(), strict=True)))
        process.join()
    alone = {t: hashlib.sha256(drawing.render(figure(t))).hexdigest() for t in TEXTS}
    assert all(found == alone for found in drawn)
