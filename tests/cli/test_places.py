"""Places on the command line that are no files: each is a sentence, and nothing of that name is made."""

import os
from pathlib import Path

import pytest

from tests.cli.newsdesk import NewsDesk


@pytest.mark.parametrize(
    ("words", "scheme"),
    [
        (["--database", "postgresql://me:hunter2@db.example/wire"], "postgresql"),
        (["--database", "postgres://db.example/wire"], "postgres"),
        (["--database", "mysql+pymysql://db.example/wire"], "mysql+pymysql"),
        (["--database", "sqlite:///data/x.db"], "sqlite"),
        (["--database", "sqlite://"], "sqlite"),
        (["--database", "file:data/x.db"], "file"),
        (["--database", ":memory:"], ":memory:"),
        (["--feeds", "s3://bucket/prefix"], "s3"),
        (["--feeds", "gs://bucket"], "gs"),
        (["--config", "https://me:hunter2@wire.example/sources.yaml"], "https"),
    ],
)
@pytest.mark.parametrize("command", ["search", "publish"])
def test_an_address_is_refused_by_its_scheme(
    desk: NewsDesk, words: list[str], scheme: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("topics: {world: {match: cake}}\n")
    monkeypatch.chdir(desk.folder)
    before = set(desk.folder.rglob("*"))
    said = desk.run(*words, command, *(["peace"] if command == "search" else []))
    assert said.code == 2
    assert said.out.startswith(f"{words[0]} takes no {scheme} address")
    assert len(said.out.strip().splitlines()) == 1
    assert "hunter2" not in said.out + said.err
    assert set(desk.folder.rglob("*")) == before


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_a_bare_folder_is_no_configuration_also_beside_a_last_good_one(
    desk: NewsDesk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    desk.write("topics: {world: {match: cake}}\n")
    assert desk.run("publish", "--feeds", str(desk.folder / "feeds")).code == 0
    said = desk.run("--config", name, "search", "x")
    assert (said.code, said.out.split(";")[0]) == (1, f"{name} is a folder")


def test_the_folder_of_the_configuration_names_the_file_in_it(desk: NewsDesk) -> None:
    desk.write("topics: {world: {match: cake}}\n")
    said = desk.run("--config", str(desk.folder), "check")
    assert (said.code, "name the file in it, such as --config sources.yaml" in said.out) == (1, True)


def test_odd_names_of_files_are_names(desk: NewsDesk) -> None:
    desk.write("topics: {world: {match: cake}}\n")
    odd = Path(desk.folder / "a:b.db")
    assert desk.run("--database", str(odd), "publish", "--feeds", str(desk.folder / "feeds")).code == 0
    assert odd.exists()


def test_beside_what_can_be_no_database_nothing_is_written(desk: NewsDesk) -> None:
    desk.write("topics: {world: {match: cake}}\n")
    folder = desk.folder / "elsewhere"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    said = desk.run("--database", str(folder / "pipe"), "publish", "--feeds", str(desk.folder / "feeds"))
    assert (said.code, "it is a named pipe" in said.out) == (3, True)
    assert [file.name for file in folder.iterdir()] == ["pipe"]


def test_a_file_in_place_of_the_feeds_is_one_sentence(desk: NewsDesk) -> None:
    desk.write("topics: {world: {match: cake}}\n")
    said = desk.run("publish", "--feeds", str(desk.config))
    assert (said.code, "there is something of that name that is no folder" in said.err) == (3, True)
