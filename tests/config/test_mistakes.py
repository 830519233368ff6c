"""Every mistake is one clear sentence with its line; the golden files are what an operator reads."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import load_text, nodes
from aggregator.errors import ConfigError, Problem
from tests.config.contract import EVERY_KEY
from tests.conftest import Golden
from tests.examples import examples

MISTAKES = Path(__file__).parent / "mistakes"
ENVIRON = {"PARTNER_TOKEN": "s3cret", "BROKEN": "a\nb", "EMPTY": ""}


def problems(text: str, file: str = "config/sources.yaml") -> str:
    with pytest.raises(ConfigError) as caught:
        load_text(text, ENVIRON, file)
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(MISTAKES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_mistake_of_a_file_is_reported_at_once(path: Path, golden: Golden) -> None:
    golden(f"{path.stem}.txt", problems(path.read_text(encoding="utf-8"), path.name) + "\n")


UNREADABLE = {
    "empty file": "",
    "comments alone": "# nothing\n",
    "byte order mark alone": "\ufeff",
    "a word": "nonsense\n",
    "a list": "- a\n- b\n",
    "tab as indentation": "site:\n\ttitle: x\n",
    "tab after spaces": "site:\n  title: x\n  \turl: y\n",
    "tab in a block": "lists:\n  a: |\n\tx\n",
    "indented too deep": "site:\n  title: x\n    url: y\n",
    "indented too little": "site:\n  title: x\n url: y\n",
    "block that ends early": "lists:\n  a: |\n    x\n   y\n",
    "no colon": "site:\n  title\n  url: y\n",
    "no space after the colon": "site:\n  title:x\n  url: y\n",
    "colon in a value": "site:\n  title: Korea: the war\n",
    "text after a quote": 'topics:\n  a:\n    match: "kim" OR "park"\n',
    "quote never closed": 'site:\n  title: "Wire\n  url: y\n',
    "bracket never closed": "sources:\n  a: {feed: x, topics: [b}\n",
    "brace never closed": "sources:\n  a: {feed: x\n  b: y\n",
    "bracket too many": "site:\n  title: [a]]\n",
    "list in the line of its key": "topics:\n  implies: - a\n",
    "text beside a block sign": "lists:\n  a: | China\n    US\n",
    "wildcard": "topics:\n  a:\n    match: *korea\n",
    "lone wildcard": "topics:\n  a:\n    match: * \n",
    "anchor": "site: &site\n  title: x\n",
    "merge key": "sources:\n  a:\n    <<: *b\n",
    "tag": "site:\n  title: !Wire\n",
    "broken tag": "site:\n  title: !a!b c\n",
    "at sign": "site:\n  contact: @desk\n",
    "backquote": "site:\n  title: `x`\n",
    "question mark": "site:\n  title: ? x\n",
    "backslash": 'lists:\n  a: "\\d"\n',
    "list as a key": "[a, b]: c\n",
    "two documents": "site: x\n---\nsite: y\n",
    "after the end": "site: x\n...\nsite: y\n",
    "directive": "%YAML 9.9\n---\nsite: x\n",
    "control character": "site:\n  title: a\x07b\n",
    "half a character": "site:\n  title: \ud800\n",
    "nested too deeply": "site: " + "[" * 100_000,
    "nested too deeply in lines": "\n".join(" " * depth + "a:" for depth in range(100)),
    "key twice": "site:\n  title: x\n  title: y\n",
    "source twice": "sources:\n  a: x\n  b: y\n  a: z\n",
    "windows line ends": "site:\r\n  title: x\r\n  titel: y\r\n",
}  # fmt: skip


def test_what_yaml_cannot_read_is_explained_in_plain_words(golden: Golden) -> None:
    said = "".join(f"── {name}\n{problems(text)}\n" for name, text in UNREADABLE.items())
    golden("unreadable.txt", said)


@pytest.mark.parametrize(
    "word", ["libyaml", "mapping values", "token", "scalar", "pydantic", "Input should", "None"]
)
def test_nobody_reads_the_words_of_a_library(word: str) -> None:
    for text in UNREADABLE.values():
        assert word not in problems(text).replace(text, "")


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert "To YAML a value that begins with & is not text." in problems("a0: &a0 [x]\n" + levels)


@pytest.mark.parametrize(
    "place",
    [
        "site:\n  url: https://desk:{secret}@wire.example.org",
        "sources:\n  a: https://desk:{secret}@@wire.example.org:x/",
        "sources:\n  a: desk:{secret}@wire.example.org",
        "sources:\n  a: htps://x.org/feed?api_token={secret}",
        "sources:\n  a: {{feed: 1, headers: {{Authorization: Bearer {secret}, Host: x}}}}",
        "sources:\n  a:\n    feed: 1\n    headers:\n      Host: {secret}\n      X:\n      - {secret}",
        'sources:\n  a:\n    headers:\n      X: "{secret}" y',
        "sources:\n  a:\n    headers:\n      X: {secret}: y",
        "sources:\n  a:\n    headers:\n      X: {secret}\n      X: y",
        "sources:\n  a:\n    headers:\n      - {secret}",
        "sources:\n  a:\n    headers: {secret}",
    ],
)
def test_a_secret_in_the_file_is_never_shown(place: str) -> None:
    assert "hunter2" not in problems(place.format(secret="hunter2"))


@pytest.mark.parametrize(
    "reference", ["${BROKEN}", "${EMPTY}", "${PARTNER_TOKEN}${MISSING}", "${PARTNER_TOKEN} ${"]
)
def test_a_secret_of_the_environment_is_never_shown(reference: str) -> None:
    said = problems(f'sources: {{a: {{feed: "https://a.org/", headers: {{X: "{reference}"}}}}}}')
    assert "s3cret" not in said
    assert "a\nb" not in said


def test_a_very_long_line_is_cut() -> None:
    said = problems(f"site:\n  title: Wire\n  url: {'x' * 100_000}\n  {'y' * 100_000}: z\n")
    assert len(said) < 2000


def found(text: str) -> tuple[Problem, ...]:
    """The problems of a text; whatever else it raises fails the test."""
    try:
        load_text(text, ENVIRON, "sources.yaml")
    except ConfigError as error:
        return error.problems
    return ()


@examples(60)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else_happens(data: st.DataObject) -> None:
    lines = EVERY_KEY.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[at])))
    junk = data.draw(st.text("\t \n:-#[]{}&*!|>'\"%@`?,=~a1é한\u2028", max_size=5))
    drop = data.draw(st.integers(0, 10))
    lines[at] = lines[at][:column] + junk + lines[at][column + drop :]
    text = "".join(lines)
    assert all(0 < problem.line <= len(text) and problem.column > 0 for problem in found(text))


texts = st.text(max_size=8)
anything = st.recursive(
    texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@examples(40)
@given(st.sampled_from(["site", "polling", "sources", "lists", "topics"]), anything)
def test_any_value_under_any_key_is_read_or_refused(key: str, value: object) -> None:
    assert found(json.dumps({key: value}, ensure_ascii=False)) != ()


def test_without_libyaml_the_same_files_are_read_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "_LOADER", yaml.SafeLoader)
    assert found(EVERY_KEY) == ()
    assert [name for name, text in UNREADABLE.items() if not found(text)] == []


def test_ten_thousand_mistakes_in_one_block_are_all_reported() -> None:
    block = "".join(f"      (word{number}\n" for number in range(10_000))
    assert (
        len(found(f"site: {{title: x, url: https://x.org}}\ntopics:\n  a:\n    match: |\n{block}")) == 10_000
    )
