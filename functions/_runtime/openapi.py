"""The OpenAPI 3.1 document of the mounted functions, made from their types."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from functions._runtime.discovery import DiscoveryError
from functions._runtime.function import Access, Endpoint, Function

_REF = "#/components/schemas/{name}"
_REFUSALS = {
    400: "输入有误",
    401: "未登录或登录已失效",
    403: "没有权限",
    404: "没有找到",
    409: "已经不能这样做",
    413: "请求体过大",
    429: "请求过多，见 Retry-After",
    500: "服务器内部错误",
    502: "微信接口异常",
    503: "暂时不可用，见 Retry-After",
}


class Detail(msgspec.Struct, frozen=True):
    """Body of every refusal: one short Chinese sentence."""

    detail: str


def document(found: Sequence[Function]) -> dict[str, Any]:
    """OpenAPI document of all endpoints of the given functions.

    Raises DiscoveryError where a function declares a type that JSON has not.
    """
    endpoints = [(function, endpoint) for function in found for endpoint in function.endpoints]
    by_type, components = _schemas(endpoints)
    paths: dict[str, Any] = {}
    for function, endpoint in endpoints:
        path = re.sub(r":\w+}", "}", endpoint.route)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(
            function, endpoint, by_type, components
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "大学物理实验", "version": "1.0.0"},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(endpoints: list[tuple[Function, Endpoint]]) -> tuple[dict[int, Any], dict[str, Any]]:
    """Schema of each type by its identity, and the components that they refer to."""
    types = [t for _, endpoint in endpoints for t in _types(endpoint)]
    try:
        schemas, components = msgspec.json.schema_components([*types, Detail], ref_template=_REF)
    except TypeError as reason:
        for function, endpoint in endpoints:
            try:
                msgspec.json.schema_components(_types(endpoint))
            except TypeError as own:
                what = str(own).splitlines()[-1]
                raise DiscoveryError(
                    f"functions/{function.name}.py 声明了 JSON 没有的类型：{what}"
                ) from reason
        raise
    return dict(zip([id(t) for t in types], schemas, strict=False)), components


def _types(endpoint: Endpoint) -> list[Any]:
    return [t for t in (endpoint.input, endpoint.output, endpoint.query) if t is not None]


def _operation(
    function: Function, endpoint: Endpoint, by_type: dict[int, Any], components: dict[str, Any]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}_{re.sub(r'[^a-z0-9]+', '_', endpoint.route)}",
        "tags": [function.title],
        "summary": endpoint.summary,
        "parameters": _parameters(endpoint, components),
        "responses": _responses(endpoint, by_type),
    }
    if endpoint.access is not Access.PUBLIC:
        operation["security"] = [{"token": []}]
    if endpoint.input is not None:
        media: dict[str, Any] = {"schema": by_type[id(endpoint.input)]}
        if endpoint.example is not None:
            media["example"] = msgspec.json.decode(endpoint.example)
        operation["requestBody"] = {"required": True, "content": {"application/json": media}}
    return operation


def _parameters(endpoint: Endpoint, components: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)(?::\w+)?}", endpoint.route)
    ]
    if endpoint.query is not None:
        schema = components[endpoint.query.__name__]
        found += [
            {"name": name, "in": "query", "required": False, "schema": part}
            for name, part in schema["properties"].items()
        ]
    return found


def _responses(endpoint: Endpoint, by_type: dict[int, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "成功"}
    if endpoint.output is not None:
        success["content"] = {"application/json": {"schema": by_type[id(endpoint.output)]}}
    else:
        success["content"] = {endpoint.media_type: {}}
    statuses = {400, *endpoint.refusals}
    if endpoint.input is not None:
        statuses |= {413}
    if endpoint.access is not Access.PUBLIC:
        statuses |= {401, 503}
    if endpoint.access is Access.ADMIN:
        statuses |= {403}
    refusal = {"application/json": {"schema": {"$ref": _REF.format(name="Detail")}}}
    return {
        "200": success,
        **{
            str(status): {"description": _REFUSALS[status], "content": refusal}
            for status in sorted(statuses)
        },
    }
