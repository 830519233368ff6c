"""Run in a network namespace of its own: forbidden addresses with a server on each, and a fetch that tries.

Prints what became of it as JSON: `hits` on forbidden addresses, what was `reached`, and the controls.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from aggregator.adapters import http
from aggregator.model import Request, Response
from aggregator.model.seams import Fetch
from tests.adapters.recorder import Names, Recorder, reply

PORT = 8000
PUBLIC = "93.184.216.34"  # any public address; here it is this machine's
FORBIDDEN = [
    *"10.9.9.9 100.64.9.9 169.254.169.254 172.16.9.9 192.168.9.9 198.18.9.9 203.0.113.9".split(),
    *"fd00::9 fec0::9 2001:db8::9 64:ff9b::7f00:1 2002:7f00:1::9 2001:0:9::9".split(),
]
SPELLINGS = """
127.0.0.1 127.0.0.2 127.1 127.0.1 0 0.0.0.0 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 2130706433
127.000.000.001 ①②⑦.⓪.⓪.① ①②⑦.0.0.1 127。0。0。1 １２７.0.0.1 127.0.0.1. localhost LOCALHOST localhost.
[::1] [::] [0:0:0:0:0:0:0:1] [0000::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:0:0] [::127.0.0.1]
[fe80::1%25lo] user:pw@127.0.0.1 public.test@127.0.0.1 10.9.9.9 0xa090909 012.9.9.9 100.64.9.9
169.254.169.254 2852039166 0xa9fea9fe 172.16.9.9 192.168.9.9 3232237833 198.18.9.9 203.0.113.9 255.255.255.255
224.0.0.1 [fd00::9] [fec0::9] [2001:db8::9] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [2002:7f00:1::9]
[2001:0:9::9] [::ffff:10.9.9.9] [::ffff:169.254.169.254] inside.test mixed.test mapped.test translated.test
""".split()
NAMES = {
    "public.test": [[PUBLIC]],
    "inside.test": [["10.9.9.9"]],
    "mixed.test": [["169.254.169.254", "fd00::9", "127.0.0.1", "::1"]],
    "mapped.test": [["::ffff:127.0.0.1"]],
    "translated.test": [["64:ff9b::7f00:1"]],
    "half.test": [["10.9.9.9", PUBLIC]],
    "rebound.test": [[PUBLIC], ["127.0.0.1"]],
    "localhost": [["127.0.0.1", "::1"]],
    "0x7f000001": [["127.0.0.1"]],
    "0x7f.0.0.1": [["127.0.0.1"]],
    "0xa090909": [["10.9.9.9"]],
    "0xa9fea9fe": [["169.254.169.254"]],
}


def polite(url: str, allowed: Sequence[str] = ()) -> Request:
    """A request that waits for nobody."""
    return Request(url, pause_per_host=timedelta(0), allow_private=tuple(allowed))


async def status(fetch: Fetch, request: Request) -> int | str:
    """The status of an answer, or the kind of the failure."""
    result = await fetch(request)
    return result.status if isinstance(result, Response) else result.kind


def turn_to(url: str) -> bytes:
    """A redirect, its target in UTF-8."""
    return reply(302, b"", ("Location", url.encode().decode("latin-1")), ("Connection", "close"))


async def tour() -> dict[str, object]:
    """Every spelling, directly and behind a redirect of a public server; then rebinding, and the controls."""
    turning = {
        f"/{number}": turn_to(f"http://{spelling}:{PORT}/") for number, spelling in enumerate(SPELLINGS)
    }
    hello = reply(200, b"hello", ("Connection", "close"))
    lan4 = Recorder({"*": hello}, address="0.0.0.0", port=PORT)
    lan6 = Recorder({"*": hello}, address="::", port=PORT)
    world = Recorder({**turning, "*": hello}, address=PUBLIC, port=PORT + 1)
    names, limits = Names(NAMES), http.Limits(connect=timedelta(seconds=3))
    outcomes: dict[str, list[int | str]] = {"direct": [], "system": [], "redirected": []}
    async with lan4, lan6, world:
        async with http.open_fetch("x", limits=limits) as fetch:
            outcomes["system"] = [
                await status(fetch, polite(f"http://{spelling}:{PORT}/"))
                for spelling in SPELLINGS
                if not spelling.endswith(".test")
            ]
        async with http.open_fetch("x", limits=limits, resolver=names) as fetch:
            for number, spelling in enumerate(SPELLINGS):
                outcomes["direct"].append(await status(fetch, polite(f"http://{spelling}:{PORT}/")))
                outcomes["redirected"].append(await status(fetch, polite(world.url(f"/{number}"))))
            half = await status(fetch, polite(world.url("/hello", "half.test")))
            rebound = [await status(fetch, polite(world.url("/hello", "rebound.test")))]
        async with http.open_fetch("x", limits=limits, resolver=names) as fetch:  # its own cache of names
            rebound.append(await status(fetch, polite(f"http://rebound.test:{PORT}/")))
        hits = len(lan4.hits) + len(lan6.hits)
        async with http.open_fetch("x", limits=limits) as fetch:
            allowed = await asyncio.gather(
                *(
                    status(fetch, polite(f"http://{f'[{where}]' if ':' in where else where}:{PORT}/", ALL))
                    for where in FORBIDDEN
                )
            )
    return {"hits": hits, **outcomes, "half": half, "rebound": rebound, "allowed": allowed}


ALL = ("0.0.0.0/0", "::/0")


def go(tour: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Give `lo` the addresses, then make the tour and print what it found."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (*FORBIDDEN, PUBLIC):
        options = ["nodad"] if ":" in address else []
        subprocess.run(["ip", "address", "add", address, "dev", "lo", *options], check=True)
    json.dump(asyncio.run(tour()), sys.stdout)


if __name__ == "__main__":
    go(tour)
