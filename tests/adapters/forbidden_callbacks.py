"""Run in a network namespace of its own: callbacks at forbidden addresses with a server on each.

Prints as JSON how many were `tried`, the `hits` there, and what a public address and an allowed one answer.
"""

from dataclasses import replace
from datetime import timedelta

from aggregator.adapters.callbacks import LIMITS, open_callbacks
from tests.adapters.forbidden_city import NAMES, PORT, PUBLIC, SPELLINGS, go
from tests.adapters.recorder import LOOPBACK, Names, Recorder, reply

QUICK = replace(LIMITS, total=timedelta(seconds=3))


async def tour() -> dict[str, int]:
    """Ask and post to every spelling, then the controls."""
    hello = reply(200, b"hello", ("Connection", "close"))
    lan4 = Recorder({"*": hello}, address="0.0.0.0", port=PORT)
    lan6 = Recorder({"*": hello}, address="::", port=PORT)
    world = Recorder({"*": hello}, address=PUBLIC, port=PORT + 1)
    tried = 0
    async with lan4, lan6, world, open_callbacks("x", limits=QUICK, resolver=Names(NAMES)) as callbacks:
        for spelling in SPELLINGS:
            await callbacks.get(f"http://{spelling}:{PORT}/", ())
            await callbacks.post(f"http://{spelling}:{PORT}/", b"x", {}, ())
            tried += 2
        hits = len(lan4.hits) + len(lan6.hits)
        public = (await callbacks.post(world.url("/"), b"x", {}, ())).status
        allowed = (await callbacks.get(f"http://127.0.0.1:{PORT}/", LOOPBACK)).status
    return {"tried": tried, "hits": hits, "public": public, "allowed": allowed}


if __name__ == "__main__":
    go(tour)
