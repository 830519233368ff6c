"""A web application on a free port of 127.0.0.1, in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web


@contextmanager
def on_loopback(application: web.Application) -> Iterator[str]:
    """Served for the time of the block; yields its origin."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    origins: list[str] = []

    async def start() -> web.AppRunner:
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        origins.append(f"http://{host}:{port}")
        return runner

    def serve() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield origins[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
