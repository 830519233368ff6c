"""Items with one id are one article only if their texts agree: nobody speaks in another outlet's feed."""

import pytest

from aggregator.model import Item
from aggregator.stories import agree

TEXT = " ".join(f"word{n} of the long report on talks" for n in range(30))
OTHER = " ".join(f"claim{n} that nobody ever made anywhere" for n in range(30))


def item(title: str = "Talks begin in Geneva", text: str = TEXT, summary: str = "") -> Item:
    return Item(
        "a", "1", id="https://n.example/1", url="https://n.example/1", title=title, text=text, summary=summary
    )


@pytest.mark.parametrize(
    "other",
    [
        item(),
        item(title="A headline of its own"),
        item(text=TEXT[: len(TEXT) // 2]),
        item(text=f"{TEXT} And a paragraph that the other outlet added at the end."),
        item(text=TEXT.upper()),
        item(text="", summary=TEXT),
        item(text=""),
        item(text="Talks begin", title="Talks begin in Geneva today"),
    ],
)
def test_the_same_article_cut_edited_or_retitled_is_one(other: Item) -> None:
    assert agree(item(), other)
    assert agree(other, item())


@pytest.mark.parametrize(
    "other",
    [
        item(text=OTHER),
        item(title="Something else altogether", text=""),
        item(
            title="Talks begin in Geneva", text="This short text says that the outlet lies about all of it."
        ),
        item(title="", text=""),
        item(text=f"{OTHER} {TEXT[:60]}"),
    ],
)
def test_another_text_under_the_same_id_is_another_article(other: Item) -> None:
    assert not agree(item(), other)
    assert not agree(other, item())


def test_scripts_without_spaces_are_compared_by_their_characters() -> None:
    korean = "북한이 오늘 새로운 미사일을 동해로 발사했다고 합동참모본부가 밝혔다"
    assert agree(item(text=korean), item(title="다른 제목", text=korean))
    assert not agree(
        item(text=korean),
        item(title="다른 제목", text="일본 총리가 내일 서울을 방문하여 정상회담을 연다고 한다"),
    )
