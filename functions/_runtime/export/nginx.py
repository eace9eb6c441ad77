"""nginx: the route table in front of functions that are deployed alone.

``nginx.conf`` is made from the routes; ``upstreams.conf`` names the instances, one line each, and
is the file that the operator edits.
"""

from pathlib import Path

from config import variables
from functions._runtime.experiment import Experiment
from functions._runtime.export.plan import Deployment, Plan, expression

_SECONDS_MORE = 5
"""How much longer nginx waits than a function may take, so that the function's answer is seen."""

_NGINX = """\
# 函数逐个部署时放在前面的路由表，由 python -m router export nginx 生成；实例地址在 upstreams.conf。
# 小程序只接受 https：TLS 放在它前面，或加进来。
worker_processes auto;
error_log /dev/stderr warn;
pid /tmp/nginx.pid;

events {{
    worker_connections 4096;
}}

http {{
    access_log off;
    server_tokens off;
    client_body_temp_path /tmp/nginx-body;
    proxy_temp_path /tmp/nginx-proxy;
    fastcgi_temp_path /tmp/nginx-fastcgi;
    uwsgi_temp_path /tmp/nginx-uwsgi;
    scgi_temp_path /tmp/nginx-scgi;

    # 慢的客户端占不住连接，一个地址占不住全部；一个校园可能只有一个地址，限额按此设
    client_header_timeout 10s;
    client_body_timeout 10s;
    send_timeout 20s;
    keepalive_timeout 20s;
    reset_timedout_connection on;
    limit_conn_zone $binary_remote_addr zone=addresses:10m;
    limit_conn addresses 1000;
    limit_conn_status 429;
    limit_req_zone $binary_remote_addr zone=logins:10m rate=20r/s;
    limit_req_status 429;

    gzip on;
    gzip_proxied any;
    gzip_min_length 1024;
    gzip_types application/json text/css text/javascript;

    # 调用者带来的请求编号保留，没有的给一个
    map $http_x_request_id $kept_request_id {{
        default $http_x_request_id;
        "" $request_id;
    }}

    include upstreams.conf;

    server {{
        listen 8080;
        merge_slashes off;

        # 比 MAX_BODY_KB 多 1 KB，刚刚超过的由函数自己回答
        client_max_body_size {body_kb}k;
        client_body_buffer_size {body_kb}k;
        error_page 405 @method;
        error_page 413 @too_large;
        error_page 429 @busy;
        error_page 502 504 = @away;

        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Request-ID $kept_request_id;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        # 只有微信云托管的网关可以说明调用者是谁，这里不是
{identity}
        proxy_connect_timeout 2s;
        proxy_read_timeout {longest}s;
        # 请求还没有送出时换一个实例；实验的读数送出之后也换：同样的读数是同一个任务
        proxy_next_upstream error timeout;
        proxy_next_upstream_tries 3;
        proxy_next_upstream_timeout {longest}s;

{locations}
        # 其余地址：接口文档、没有的地址
        location / {{
            proxy_pass http://{rest};
        }}

        location @method {{
            internal;
            default_type application/json;
            return 405 '{{"detail":"这个地址不支持该请求方法"}}';
        }}

        location @busy {{
            internal;
            default_type application/json;
            add_header Retry-After 2 always;
            return 429 '{{"detail":"请求过于频繁，请稍后再试"}}';
        }}

        location @too_large {{
            internal;
            default_type application/json;
            return 413 '{{"detail":"请求体超过 {limit_kb} KB"}}';
        }}

        location @away {{
            internal;
            default_type application/json;
            add_header Retry-After 2 always;
            return 503 '{{"detail":"服务暂时不可用，请稍后重试"}}';
        }}
    }}
}}
"""
_LOGIN = "/api/auth/wechat"
_IDENTITY = (
    "OPENID",
    "APPID",
    "UNIONID",
    "FROM-OPENID",
    "FROM-APPID",
    "FROM-UNIONID",
    "SOURCE",
    "ENV",
)


def files(plan: Plan) -> dict[str, str | Path]:
    """``nginx.conf`` and ``upstreams.conf``."""
    longest = max(d.resources.timeout_s for d in plan.deployments) + _SECONDS_MORE
    routes = dict.fromkeys(route for d in plan.deployments for route in d.patterns())
    limit_kb = int(variables()["MAX_BODY_KB"][0])
    text = _NGINX.format(
        body_kb=limit_kb + 1,
        limit_kb=limit_kb,
        longest=longest,
        identity="\n".join(f'        proxy_set_header X-WX-{name} "";' for name in _IDENTITY),
        locations="\n".join(_location(plan, route, longest) for route in routes),
        rest=plan.rest,
    )
    return {"nginx.conf": text, "upstreams.conf": _upstreams(plan)}


def _location(plan: Plan, route: str, longest: int) -> str:
    """The location of a route; where several functions share it, the method decides."""
    owners = [d for d in plan.deployments if route in d.patterns()]
    matched = f'~ "{expression(route)}"' if "{" in route else f"= {route}"
    if route in plan.shared:
        lines = [f"set $owner {plan.rest};"]
        for owner in owners:
            methods = "|".join(owner.methods(route))
            lines.append(f"if ($request_method ~ ^({methods})$) {{ set $owner {owner.name}; }}")
        lines.append("proxy_pass http://$owner;")
    else:
        lines = [f"proxy_pass http://{owners[0].name};"]
    if route == _LOGIN:
        lines.insert(0, "limit_req zone=logins burst=200 nodelay;")
    wait = max(owner.resources.timeout_s for owner in owners) + _SECONDS_MORE
    if wait != longest:
        lines.append(f"proxy_read_timeout {wait}s;")
    if all(isinstance(owner.function, Experiment) for owner in owners):
        lines.append("proxy_next_upstream error timeout non_idempotent;")
    inside = "".join(f"            {line}\n" for line in lines)
    return f"        location {matched} {{\n{inside}        }}\n"


def _upstreams(plan: Plan) -> str:
    named = {d.name: _needs(d) for d in plan.deployments}
    named.setdefault(plan.rest, "整个后端，装载全部函数（不设 FUNCTIONS）")
    head = "# 每个函数的实例地址；一个函数有几个实例就写几行 server。\n"
    return head + "".join(
        f"\n# {comment}\nupstream {name} {{\n    server {name}:8000;\n    keepalive 16;\n}}\n"
        for name, comment in named.items()
    )


def _needs(deployment: Deployment) -> str:
    resources = deployment.resources
    mounted = ",".join(deployment.mounted)
    return (
        f"{deployment.function.title}：{f'FUNCTIONS={mounted}' if mounted else '不设 FUNCTIONS'}；"
        f"内存 {resources.memory_mb} MB，{resources.cpu:g} 核，"
        f"每个实例同时 {resources.concurrency} 个请求"
    )
