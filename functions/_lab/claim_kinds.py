"""What a student may have worked out of a quantity."""

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["mean", "s", "u_A", "u_B", "u", "value", "U", "line"]

OF_REPEATS: tuple[Kind, ...] = ("mean", "s", "u_A", "u_B", "u")
OF_RESULT: tuple[Kind, ...] = ("value", "u", "U", "line")
