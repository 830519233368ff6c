"""What was made by another version of a room is known by that."""

from pathlib import Path

from aggregator import versions


def test_a_version_changes_with_every_file_and_with_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    files = [tmp_path / "a.py", tmp_path / "inner" / "b.html"]
    for file in files:
        file.write_text("as it was")
    before = versions.digest("", tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("compiled")
    assert versions.digest("", tmp_path) == before
    for file in files:
        file.write_text("edited")
        assert versions.digest("", tmp_path) != before
        file.write_text("as it was")
    assert versions.digest("a library", tmp_path) != before


def test_reading_and_printing_have_versions_of_their_own() -> None:
    assert versions.reading() != versions.printing()
    assert len(versions.reading()) == len(versions.printing()) == 16
