"""The phrases of sites are data, a file for each language, and each of them is recognised."""

import re
from importlib.resources import files

import pytest

from aggregator.text.boilerplate import notices, patterns, phrases

LANGUAGES = phrases.languages()
STORY = "The delegations met at noon. Nobody spoke afterwards."
SECTIONS = ("read on", "more", "notice", "label", "licence", "origin")


def leaves(line: str) -> bool:
    """Whether a line leaves the end of a text."""
    return notices.strip_text(f"{STORY}\n\n{line}") == STORY


def is_plain(phrase: str) -> bool:
    return not re.search(r"[\\\[({|?*]", phrase)


def as_line(section: str, phrase: str) -> str:
    """What a plain phrase looks like in a text."""
    line = phrase.replace("…", "Grain Talks")
    return f"{line}: Grain Talks" if section == "label" else line


PLAIN = [
    pytest.param(section, phrase, id=f"{language}-{section}-{number}")
    for language, sections in LANGUAGES.items()
    for section in (*SECTIONS, "appeared")
    for number, phrase in enumerate(sections.get(section, ()))
    if is_plain(phrase) or section == "appeared"
]
EXAMPLES = [(language, line) for language, of in LANGUAGES.items() for line in of.get("examples", ())]
CONTROLS = [(language, line) for language, of in LANGUAGES.items() for line in of.get("controls", ())]


def test_every_file_of_the_folder_is_a_language() -> None:
    folder = files("aggregator.text.boilerplate") / phrases.FOLDER
    assert {f"{language}.txt" for language in LANGUAGES} == {file.name for file in folder.iterdir()}
    assert len(LANGUAGES) > 30
    assert all(re.fullmatch(r"[a-z]{2,3}", language) for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_a_file_can_be_compiled(language: str) -> None:
    assert all(
        re.compile(phrases.pattern(line), re.IGNORECASE)
        for section, lines in LANGUAGES[language].items()
        if section not in ("appeared", "examples", "controls")
        for line in lines
    )


@pytest.mark.parametrize(("section", "phrase"), PLAIN)
def test_a_plain_phrase_leaves_the_end_of_a_text(section: str, phrase: str) -> None:
    assert leaves(as_line(section, phrase))


@pytest.mark.parametrize(("language", "line"), EXAMPLES)
def test_an_example_of_a_file_leaves_the_end_of_a_text(language: str, line: str) -> None:
    assert leaves(line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_that_is_no_plain_one_has_an_example(language: str) -> None:
    sections = LANGUAGES[language]
    for section in ("read on", "more", "notice", "label"):
        behind = r"\s*[:|»].*" if section == "label" else r"\W*"
        for phrase in (one for one in sections.get(section, ()) if not is_plain(one)):
            pattern = re.compile(rf"\W*(?:{phrases.pattern(phrase)}){behind}", re.IGNORECASE)
            assert any(pattern.fullmatch(line) for line in sections.get("examples", ())), phrase


@pytest.mark.parametrize(("language", "line"), CONTROLS)
def test_a_sentence_of_an_article_stays_at_either_end(language: str, line: str) -> None:
    for told in (line, f"{STORY}\n\n{line}", f"{STORY} {line}", f"{line}\n\n{STORY}"):
        assert notices.strip_text(told) == told


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"mul"}))
def test_a_language_has_controls(language: str) -> None:
    assert LANGUAGES[language].get("controls")


def test_a_section_that_nobody_reads_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"xx.txt has a section \[notes\]"):
        phrases._sections("xx.txt", "# Exish\n[notes]\nread on\n")


def test_a_branch_outside_of_groups_is_tried_whatever_a_line_begins_with() -> None:
    found = patterns.Phrases(["abc|def", "(?:x|y)z", "gh(?:i|j)"])
    assert [line for line in ("ABC", "def", "xz", "yz", "ghj", "gh") if found.match(line)] == [
        "ABC",
        "def",
        "xz",
        "yz",
        "ghj",
    ]
