"""The folder of published documents: whole files, nothing outside, one sentence where it fails."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aggregator.adapters.disk import Folder
from aggregator.errors import AggregatorError
from aggregator.model import Document


def leftovers(root: Path) -> list[Path]:
    return list(root.rglob(".*.tmp"))


def test_a_document_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "feeds")
    assert folder.write(Document("sources/nk-news.atom", b"<feed/>"))
    assert (tmp_path / "feeds/sources/nk-news.atom").read_bytes() == b"<feed/>"
    assert leftovers(tmp_path) == []


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(Document("all.atom", b"one"))
    before = (tmp_path / "all.atom").stat()
    assert not folder.write(Document("all.atom", b"one"))
    after = (tmp_path / "all.atom").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_other_bytes_replace_the_file_in_one_step(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(Document("all.atom", b"one"))
    with (tmp_path / "all.atom").open("rb") as reader:
        assert folder.write(Document("all.atom", b"two, longer"))
        assert reader.read() == b"one"
    assert (tmp_path / "all.atom").read_bytes() == b"two, longer"


def test_documents_are_readable_for_all_as_far_as_the_umask_allows(tmp_path: Path) -> None:
    previous = os.umask(0o027)
    try:
        Folder(tmp_path).write(Document("all.atom", b"one"))
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "all.atom").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "path", ["../out", "/etc/out", "a/../../out", "", "a//b", ".hidden", "a/.b", "a\\b", "a\0b", "a/", "."]
)
def test_a_path_that_could_leave_the_root_is_refused(tmp_path: Path, path: str) -> None:
    folder = Folder(tmp_path / "feeds")
    with pytest.raises(AggregatorError, match="Cannot publish at"):
        folder.write(Document(path, b"x"))
    with pytest.raises(AggregatorError, match="Cannot publish at"):
        folder.remove(path)
    assert not (tmp_path / "out").exists()


def test_a_link_to_a_folder_elsewhere_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.atom").write_bytes(b"theirs")
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/sources").symlink_to(outside)
    folder = Folder(tmp_path / "feeds")
    with pytest.raises(AggregatorError, match="symbolic link"):
        folder.write(Document("sources/x.atom", b"x"))
    with pytest.raises(AggregatorError, match="symbolic link"):
        folder.remove("sources/kept.atom")
    assert not folder.exists("sources/kept.atom")
    assert [path.name for path in outside.iterdir()] == ["kept.atom"]


def test_a_link_in_place_of_a_document_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "theirs").write_bytes(b"same bytes")
    (tmp_path / "feeds/all.atom").symlink_to(tmp_path / "theirs")
    assert Folder(tmp_path / "feeds").write(Document("all.atom", b"same bytes"))
    assert not (tmp_path / "feeds/all.atom").is_symlink()
    assert (tmp_path / "theirs").read_bytes() == b"same bytes"


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "feeds").symlink_to(tmp_path / "disk")
    assert Folder(tmp_path / "feeds").write(Document("all.atom", b"one"))
    assert (tmp_path / "disk/all.atom").read_bytes() == b"one"


def test_what_a_killed_write_left_is_swept_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    for name in (".0123.tmp", "sources/.4567.tmp", "all.atom", ".gitignore"):
        (tmp_path / name).write_bytes(b"half a docu")
    Folder(tmp_path)
    assert leftovers(tmp_path) == []
    assert (tmp_path / "all.atom").exists()
    assert (tmp_path / ".gitignore").exists()


def test_a_document_is_removed_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(Document("all.atom", b"one"))
    assert folder.exists("all.atom")
    assert folder.remove("all.atom")
    assert not folder.exists("all.atom")
    assert not folder.remove("all.atom")
    assert not folder.remove("never/there.atom")


def test_a_folder_is_removed_with_all_that_lies_under_it_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/kept").write_bytes(b"theirs")
    folder = Folder(tmp_path / "feeds")
    folder.write(Document("peace/archive/000001.atom", b"one"))
    folder.write(Document("peace.atom", b"one"))
    (tmp_path / "feeds/peace/link").symlink_to(tmp_path / "outside")
    assert folder.remove("peace")
    assert not folder.exists("peace/archive/000001.atom")
    assert folder.exists("peace.atom")
    assert (tmp_path / "outside/kept").exists()


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """Files cannot grow beyond `size` bytes meanwhile: to a writer that is a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_one_sentence_and_the_old_document_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(Document("all.atom", b"old"))
    with disk_of(1 << 20), pytest.raises(AggregatorError, match=r"Cannot write .*all\.atom: .*\.$") as raised:
        folder.write(Document("all.atom", b"x" * (2 << 20)))
    assert "\n" not in str(raised.value)
    assert (tmp_path / "all.atom").read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_file_where_a_folder_is_needed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sources").write_bytes(b"")
    with pytest.raises(AggregatorError, match="move it away"):
        Folder(tmp_path).write(Document("sources/x.atom", b"x"))


def test_a_folder_where_a_document_belongs_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "all.atom").mkdir()
    with pytest.raises(AggregatorError, match="there is a folder of that name"):
        Folder(tmp_path).write(Document("all.atom", b"x"))
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(AggregatorError, match="permission is denied"):
            Folder(tmp_path).write(Document("all.atom", b"x"))
    finally:
        tmp_path.chmod(0o755)
