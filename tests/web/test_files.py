import asyncio
from pathlib import Path

from aggregator.adapters.codings import BROTLI, GZIP
from aggregator.web.files import DocumentFiles
from tests.web.served import NOON


def files(root: Path, memory: int = 10**6) -> DocumentFiles:
    return DocumentFiles(root, lambda: NOON, lambda name: False, memory)


def test_what_is_kept_in_memory_is_bounded(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}.atom").write_bytes(b"talks " * 200)

    async def read_all() -> int:
        held = files(tmp_path, memory=10_000)
        for number in range(50):
            resource = await held.find(f"{number}.atom")
            assert resource is not None
            await held.answer(resource, GZIP)
        at_hand = [number for number in range(50) if held.at_hand(f"{number}.atom")]
        held.close()
        assert at_hand[-1] == 49
        return len(at_hand)

    assert 2 <= asyncio.run(read_all()) <= 8


def test_a_document_larger_than_the_memory_is_served_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "big.atom").write_bytes(b"x" * 5000)

    async def read() -> int:
        held = files(tmp_path, memory=100)
        resource = await held.find("big.atom")
        held.close()
        return 0 if resource is None else len(resource.body)

    assert asyncio.run(read()) == 5000


def test_those_who_ask_together_wait_for_one_reading_and_one_compression(tmp_path: Path) -> None:
    (tmp_path / "a.atom").write_bytes(b"talks " * 10_000)

    async def together() -> tuple[int, int]:
        held = files(tmp_path)
        found = await asyncio.gather(*(held.find("a.atom") for _ in range(20)))
        assert found[0] is not None
        answers = await asyncio.gather(*(held.answer(found[0], BROTLI) for _ in range(20)))
        held.close()
        return len({id(resource) for resource in found}), len({id(answer) for answer in answers})

    assert asyncio.run(together()) == (1, 1)


def test_one_who_gives_up_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.atom").write_bytes(b"talks")

    async def impatient() -> bool:
        held = files(tmp_path)
        first = asyncio.create_task(held.find("a.atom"))
        second = asyncio.create_task(held.find("a.atom"))
        await asyncio.sleep(0)
        first.cancel()
        resource = await second
        held.close()
        return resource is not None

    assert asyncio.run(impatient())


def test_a_version_that_comes_while_another_is_read_is_not_missed(tmp_path: Path) -> None:
    path = tmp_path / "a.atom"
    path.write_bytes(b"old")

    async def replaced() -> bytes:
        held = files(tmp_path)
        reading = asyncio.create_task(held.find("a.atom"))
        await asyncio.sleep(0)
        (tmp_path / "new").write_bytes(b"new!")
        (tmp_path / "new").replace(path)
        resource = await held.find("a.atom")
        await reading
        again = await held.find("a.atom")
        held.close()
        assert resource is not None
        assert again is not None
        return resource.body + again.body

    assert asyncio.run(replaced()) == b"new!new!"
