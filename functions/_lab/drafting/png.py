"""PNG with a palette: the encoder's share of the time, kept small.

A drawing holds few colours.  Each is rounded to four bits a channel, not to be seen in the soft
edges of lines and letters, while the colours that fill areas are kept as they are; the 255 most
frequent and white make the palette and any others take their nearest.  Only the pixels that are
not white are looked at.  Every row is stored as its difference from the one above (filter type 2),
which empties most of them, and deflated by zlib-ng at level 4: a tenth of the time of zlib at
level 6, for few bytes more.  All of this goes in bands of rows, so that the memory stays in
the caches of the processor and is not asked of the system anew for every figure.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from zlib_ng import zlib_ng

_PRINTED_M = 0.15
"""Width in a report; Word places a picture by it."""
_LEVEL = 4
_UP = 2
_PALETTE = 256
_WHITE = 0x1000
_ROWS = 160
"""Rows in a band."""
_GRAINS = {True: ("<u8", "<u2"), False: ("<u4", "u1")}
"""Pixels are sought two at a time where their number is even; and the types of their indices."""


@dataclass(frozen=True, slots=True)
class _Band:
    """The grains of a band of rows that are not all white, by place, and the keys of its pixels."""

    rows: int
    part: str
    places: NDArray[np.uint32]
    keys: NDArray[np.uint16]


def encode(pixels: NDArray[np.uint8], exact: Iterable[tuple[int, int, int]] = ()) -> bytes:
    """A PNG file from an opaque RGBA image (H, W, 4) on white.

    ``exact`` are colours (0 … 255) that must not be rounded.
    """
    return join((pixels,), exact)


def join(strips: Iterable[NDArray[np.uint8]], exact: Iterable[tuple[int, int, int]] = ()) -> bytes:
    """The same from strips (h, W, 4) of an image, top first, that are asked for one by one."""
    bands, width = [], 0
    for strip in strips:
        width = strip.shape[1]
        bands += [_band(strip[top : top + _ROWS]) for top in range(0, len(strip), _ROWS)]
    height = sum(band.rows for band in bands)
    counts = np.zeros(_WHITE + 1, dtype=np.intp)
    for band in bands:
        counts += np.bincount(band.keys, minlength=_WHITE + 1)
    numbers, palette = _palette(counts[:_WHITE], exact)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"pHYs", struct.pack(">IIB", *2 * (round(width / _PRINTED_M),), 1)),
            _chunk(b"PLTE", palette.tobytes()),
            _chunk(b"IDAT", _deflated(bands, numbers, width)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _band(pixels: NDArray[np.uint8]) -> _Band:
    """A band of rows (h, W, 4); a key is the upper four bits of each channel, 0xBGR, or white."""
    grain, part = _GRAINS[pixels.size % 8 == 0]
    grains = pixels.reshape(-1).view(grain)
    places = np.flatnonzero(grains != np.iinfo(grain).max)
    colours = grains[places].view("<u4")
    keys = (colours >> 4) & 0xF
    keys |= (colours >> 8) & 0xF0
    keys |= (colours >> 12) & 0xF00
    keys[colours == 0xFFFFFFFF] = _WHITE
    return _Band(len(pixels), part, places.astype(np.uint32), keys.astype(np.uint16))


def _palette(
    counts: NDArray[np.intp], exact: Iterable[tuple[int, int, int]]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Number in the palette for every key, and the palette (n ≤ 256, 3); white has number 0."""
    used = np.flatnonzero(counts)
    used = used[np.argsort(-counts[used], kind="stable")]
    wanted = np.repeat(np.arange(_WHITE), 3).reshape(-1, 3) >> (0, 4, 8) & 0xF
    wanted *= 17
    for red, green, blue in exact:
        wanted[red >> 4 | green & 0xF0 | blue >> 4 << 8] = red, green, blue
    colour = np.vstack([[[255, 255, 255]], wanted[used]])
    number = np.arange(1, used.size + 1)
    if colour.shape[0] > _PALETTE:
        far = colour[_PALETTE:, None, :] - colour[None, :_PALETTE, :]
        number[_PALETTE - 1 :] = (far * far).sum(axis=2).argmin(axis=1)
    numbers = np.zeros(_WHITE + 1, dtype=np.uint8)
    numbers[used] = number
    return numbers, colour[:_PALETTE].astype(np.uint8)


def _deflated(bands: Sequence[_Band], numbers: NDArray[np.uint8], width: int) -> bytes:
    """The rows of all bands, each less the one above, compressed."""
    stream, parts = zlib_ng.compressobj(_LEVEL), []
    shown = np.empty((1 + _ROWS, width), dtype=np.uint8)
    lines = np.empty((_ROWS, 1 + width), dtype=np.uint8)
    lines[:, 0] = _UP
    shown[0] = 0
    for band in bands:
        inside = shown[1 : 1 + band.rows]
        inside.fill(0)
        inside.reshape(-1).view(band.part)[band.places] = numbers[band.keys].view(band.part)
        np.subtract(inside, shown[: band.rows], out=lines[: band.rows, 1:])
        parts.append(stream.compress(lines[: band.rows].data))
        shown[0] = inside[-1]
    return b"".join((*parts, stream.flush()))
