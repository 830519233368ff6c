"""Compressed forms beside the documents: never an old one beside a new document."""

import gzip
import os
from pathlib import Path

import pytest

from aggregator.adapters.codings import COMPRESSED
from aggregator.adapters.disk import Folder
from aggregator.adapters.precompressed import Precompressed
from aggregator.model import Document, Published

FORMS = {"all.atom.br", "all.atom.gz", "all.atom.zst"}


def publish(folder: Folder, precompressed: Precompressed, body: bytes, path: str = "all.atom") -> None:
    written = (path,) if folder.write(Document(path, body)) else ()
    precompressed.observe(Published("all", written))


def names(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_document_gets_its_forms_with_its_own_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    precompressed = Precompressed(folder, pytest.fail)
    precompressed.want(True)
    publish(folder, precompressed, b"<feed/>" * 50)
    precompressed.close()
    assert names(tmp_path) == {"all.atom"} | FORMS
    assert gzip.decompress((tmp_path / "all.atom.gz").read_bytes()) == b"<feed/>" * 50
    times = {path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(times) == 1


def test_a_new_document_stands_without_forms_until_its_own_are_made(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(Document("all.atom", b"one"))
    folder.compress("all.atom", COMPRESSED)
    assert names(tmp_path) == {"all.atom"} | FORMS
    folder.write(Document("all.atom", b"two"))
    assert names(tmp_path) == {"all.atom"}


def test_forms_that_stand_are_not_made_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(Document("all.atom", b"one"))
    folder.compress("all.atom", COMPRESSED)
    before = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}
    folder.compress("all.atom", COMPRESSED)
    assert {path.name: path.stat().st_ino for path in tmp_path.iterdir()} == before


def test_what_a_kill_left_of_an_older_document_is_made_anew_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "all.atom").write_bytes(b"new")
    (tmp_path / "all.atom.gz").write_bytes(gzip.compress(b"old"))
    os.utime(tmp_path / "all.atom.gz", ns=(1, 1))
    precompressed = Precompressed(Folder(tmp_path), pytest.fail)
    precompressed.want(True)
    precompressed.close()
    assert gzip.decompress((tmp_path / "all.atom.gz").read_bytes()) == b"new"


def test_documents_lose_their_forms_where_none_are_wanted_any_more(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    precompressed = Precompressed(folder, pytest.fail)
    precompressed.want(True)
    publish(folder, precompressed, b"one", "sources/nk-news.atom")
    precompressed.want(False)
    precompressed.close()
    assert names(tmp_path) == {"sources/nk-news.atom"}


def test_a_removed_document_takes_its_forms_along(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(Document("all.atom", b"one"))
    folder.compress("all.atom", COMPRESSED)
    assert folder.remove("all.atom")
    assert names(tmp_path) == set()


def test_a_form_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    folder, told = Folder(tmp_path), list[str]()
    precompressed = Precompressed(folder, told.append)
    folder.write(Document("all.atom", b"one"))
    (tmp_path / "all.atom.br").mkdir()
    os.utime(tmp_path / "all.atom.br", ns=(1, 1))
    precompressed.want(True)
    for _ in range(2):
        precompressed.observe(Published("all", ("all.atom",)))
    precompressed.close()
    [sentence] = told
    assert "Cannot write compressed forms of" in sentence
    assert "there is a folder of that name" in sentence
