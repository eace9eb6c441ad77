"""Names of the models that can be fitted; light, for the declarations of inputs."""

from typing import Literal, TypeAlias

Model: TypeAlias = Literal[
    "line",
    "proportional",
    "polynomial",
    "power",
    "exponential",
    "logarithm",
    "gaussian",
    "sine",
    "damped-sine",
]
