"""A feed of 60 KB from memory, gzip'ed and as 304, beside aiohttp's own file response and beside nginx;
and a herd of 2,000 that all come at once, each on a connection of its own.

Needs `wrk` to load the servers, and compares with nginx where it is installed; one process each.
"""

import asyncio
import contextlib
import gzip
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

SECONDS = 3
ROUNDS = 3
CONNECTIONS = 20
HERD = 2_000

OURS = """
import asyncio, sys, uvloop
from datetime import UTC, datetime
from pathlib import Path
from aggregator import web

async def main() -> None:
    application = web.app(Path(sys.argv[1]), clock=lambda: datetime.now(UTC))
    async with web.serve(application, "127.0.0.1", int(sys.argv[2])):
        await asyncio.Event().wait()

uvloop.run(main())
"""

NAIVE = """
import asyncio, sys, uvloop
from aiohttp import web

async def answer(request):
    return web.FileResponse(sys.argv[1] + request.path)

async def main():
    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[2])).start()
    await asyncio.Event().wait()

uvloop.run(main())
"""

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; gzip_static on; open_file_cache max=100; keepalive_requests 1000000;
  types {{ application/atom+xml atom; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {feeds}; }}
}}
"""


def main() -> None:
    """Print how many times as many requests we answer as each of the others."""
    if shutil.which("wrk") is None:
        print("serving: skipped, for `wrk` is not installed (Debian: apt-get install wrk nginx-light)")
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        ports = _start_all(Path(folder), stack)
        rates = _measure(ports)
        herds = {name: _herd(port) for name, port in ports.items()}
    for name in ports:
        if name != "ours":
            whole, unchanged = (rates["ours"][kind] / rates[name][kind] for kind in ("gzip", "304"))
            print(f"serving: {whole:.2f} × {name} for 60 KB gzip'ed, {unchanged:.2f} × {name} for a 304")
    for name, (seconds, errors) in herds.items():
        print(
            f"serving: a herd of {HERD} at {name}: {errors} errors, all answered in {seconds:.2f} × a second"
        )


def _start_all(folder: Path, stack: contextlib.ExitStack) -> dict[str, int]:
    feeds = folder / "feeds"
    feeds.mkdir()
    _write_feed(feeds / "topic.atom")
    ports = {"ours": _free_port(), "FileResponse": _free_port()}
    commands = {
        "ours": [sys.executable, "-c", OURS, str(feeds), str(ports["ours"])],
        "FileResponse": [sys.executable, "-c", NAIVE, str(feeds), str(ports["FileResponse"])],
    }
    if shutil.which("nginx"):
        ports["nginx"] = _free_port()
        conf = folder / "nginx.conf"
        conf.write_text(NGINX.format(folder=folder, port=ports["nginx"], feeds=feeds))
        folder.chmod(0o755)  # its worker is another user where nginx is started by root
        commands["nginx"] = ["nginx", "-p", str(folder), "-c", str(conf)]
    for name, command in commands.items():
        stack.enter_context(_running(command, ports[name]))
    return ports


def _measure(ports: dict[str, int]) -> dict[str, dict[str, float]]:
    """The best of some rounds taken in turn, so that a busy machine is busy for all of them."""
    rates = {name: {"gzip": 0.0, "304": 0.0} for name in ports}
    for _ in range(ROUNDS):
        for name, port in ports.items():
            url = f"http://127.0.0.1:{port}/topic.atom"
            etag = _etag(url)
            for kind, headers in (("gzip", ()), ("304", (f"If-None-Match: {etag}",))):
                rates[name][kind] = max(rates[name][kind], _requests_per_second(url, headers))
    return rates


def _requests_per_second(url: str, headers: tuple[str, ...]) -> float:
    flags = [flag for header in ("Accept-Encoding: gzip", *headers) for flag in ("-H", header)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *flags, url]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", report)
    assert found is not None, report
    return float(found[1])


def _herd(port: int) -> tuple[float, int]:
    """How long it takes until all that come at once have the whole feed, and how many do not get it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    began = time.perf_counter()
    complete = asyncio.run(_come_at_once(port))
    return time.perf_counter() - began, HERD - sum(complete)


async def _come_at_once(port: int) -> list[bool]:
    return await asyncio.gather(*(_visit(port) for _ in range(HERD)))


async def _visit(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /topic.atom HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        )
        answer = await reader.read(-1)
        writer.close()
    except OSError:
        return False
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.startswith(b"HTTP/1.1 200") and f"content-length: {len(body)}".encode() in head.lower()


def _etag(url: str) -> str:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        return str(response.headers["ETag"])


def _write_feed(path: Path) -> None:
    """Words enough for 60 KB that compress as a feed does, and their gzip beside them for the others."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghij", k=chance.randint(2, 9))) for _ in range(3000)]
    body = " ".join(chance.choice(words) for _ in range(12_000)).encode()[:60_000]
    path.write_bytes(body)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(body, 9))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


if __name__ == "__main__":
    main()
