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

METHOD_TITLES = {
    "line": "直线 y = a + bx",
    "proportional": "正比 y = bx",
    "polynomial": "多项式",
    "power": "幂函数 y = Ax^B",
    "exponential": "指数 y = Ae^(Bx)",
    "logarithm": "对数 y = A + B ln x",
    "gaussian": "高斯峰",
    "sine": "正弦",
    "damped-sine": "阻尼振动",
    "peaks": "峰与谷的位置",
    "successive-difference": "逐差法",
}
"""What a form calls them, and the methods beside them."""
