"""Every function as its own process behind the exported nginx configuration."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from functions._runtime.discovery import discover
from functions._runtime.export import IMAGE
from functions._runtime.export.plan import plan
from tests.experiments import BY_DECLARATION, REPRESENTATIVE
from tests.nginx import nginx
from tests.server import ROOT, Server, start, wait_until_up

ALONE = [
    found.name
    for found in discover()
    if found.endpoints and (found.name not in BY_DECLARATION or found in REPRESENTATIVE)
]


@contextlib.contextmanager
def split(
    folder: Path, data_dir: Path, instances: Mapping[str, int], variables: Mapping[str, str]
) -> Iterator[str]:
    """Address of the nginx in front of all functions, each with its exported variables.

    Of the experiments that a class declares, some are deployed alone, the others together.

    Parameters
    ----------
    folder : for the configuration.
    data_dir : shared by all of them.
    instances : how many instances of a function, by name; one of those not named.
    variables : over the exported ones.
    """
    servers: dict[str, list[Server]] = {}
    try:
        planned = plan(discover(), ALONE, IMAGE)
        for deployment in planned.deployments:
            given = {**deployment.variables(), **variables}
            servers[deployment.name] = [
                start(data_dir, wait=False, variables=given)
                for _ in range(instances.get(deployment.name, 1))
            ]
        if planned.rest:
            servers[planned.rest] = [start(data_dir, wait=False, variables=variables)]
        running = [server for found in servers.values() for server in found]
        for server in running:
            wait_until_up(server, 60)
        ports = {name: [int(s.base.rpartition(":")[2]) for s in s_] for name, s_ in servers.items()}
        with exported_nginx(folder, ports, ALONE) as base:
            yield base
    finally:
        everyone = [server for found in servers.values() for server in found]
        for server in everyone:
            server.process.terminate()
        for server in everyone:
            server.stop()


@contextlib.contextmanager
def exported_nginx(
    folder: Path, ports: Mapping[str, list[int]], chosen: Sequence[str] = (), tree: Path = ROOT
) -> Iterator[str]:
    """A real nginx with the exported files; only addresses and scratch folders are replaced.

    ``chosen`` functions of the source ``tree`` are exported, and one worker process serves, so that
    instances are asked in turn.
    """
    command = [sys.executable, "-m", "router", "export", "nginx", *chosen, "--out", str(folder)]
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL)
    upstreams = (folder / "upstreams.conf").read_text()
    for name, own in ports.items():
        line = f"    server {name}:8000;\n"
        assert line in upstreams, name
        upstreams = upstreams.replace(
            line, "".join(f"    server 127.0.0.1:{port};\n" for port in own)
        )
    assert ":8000" not in upstreams
    (folder / "upstreams.conf").write_text(upstreams)
    changes = {
        "worker_processes auto": "worker_processes 1",
        "error_log /dev/stderr": f"error_log {folder}/error.log",
    }
    with nginx((folder / "nginx.conf").read_text(), folder, changes) as address:
        yield address
