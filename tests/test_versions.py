"""What was made by another version of the code that makes it is known by that."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import grimp
import pytest

import aggregator
from aggregator import versions
from aggregator.compiled import compile_config
from aggregator.model import Config, Polling, Site, Source, Topic

CODE = Path(aggregator.__file__).parent
VERSIONS = {
    "reading": (versions.READING, versions.reading),
    "tagging": (versions.TAGGING, versions.tagging),
    "printing": (versions.PRINTING, versions.printing),
}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("aggregator", include_external_packages=True, cache_dir=None)


def imported(graph: grimp.ImportGraph, roots: tuple[str, ...]) -> set[str]:
    """All that the modules at or below some roots import, themselves among it, as import-linter sees it."""
    below = {name for name in graph.modules if any(f"{name}.".startswith(f"{root}.") for root in roots)}
    return below.union(*(graph.find_upstream_modules(name) for name in below))


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_is_made_of_every_module_that_takes_part(name: str, imports: grimp.ImportGraph) -> None:
    roots, _ = VERSIONS[name]
    ours = {module for module in imported(imports, roots) if module.split(".")[0] == "aggregator"}
    assert versions.modules(roots) == ours


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_changes_with_every_library_that_takes_part(
    name: str, imports: grimp.ImportGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots, version = VERSIONS[name]
    foreign = {module.split(".")[0] for module in imported(imports, roots)} - {"aggregator"}
    distributions = metadata.packages_distributions()
    taking_part = {distributions[one][0] for one in foreign - sys.stdlib_module_names}
    assert taking_part == set(versions.LIBRARIES[roots])
    before, installed = version(), metadata.version
    for library in taking_part:
        with monkeypatch.context() as patch:
            patch.setattr(
                metadata, "version", lambda name, new=library: "∞" if name == new else installed(name)
            )
            versions_forget()
            assert version() != before, library
    versions_forget()


def versions_forget() -> None:
    """Let versions be worked out anew, as another process does."""
    for known in (versions.reading, versions.tagging, versions.printing, versions._imported):
        known.cache_clear()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of our code that may be edited, and that versions are made of meanwhile."""
    copy = tmp_path / "aggregator"
    shutil.copytree(CODE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(versions, "files", lambda package: copy)
    versions_forget()
    yield copy
    versions_forget()


def said() -> dict[str, str]:
    versions_forget()
    return {name: version() for name, (_, version) in VERSIONS.items()}


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("text/dates/formats.py", {"reading"}),
        ("text/sentences.py", {"reading", "printing"}),
        ("text/urls.py", {"reading", "printing"}),
        ("text/normalforms.py", {"reading", "tagging", "printing"}),
        ("model/items.py", {"reading", "tagging", "printing"}),
        ("text/folding.py", {"tagging"}),
        ("topics/tagging.py", {"tagging"}),
        ("feeds/selection.py", {"printing"}),
        ("feeds/pagination.py", {"printing"}),
        ("items/sameness.py", {"printing"}),
        ("outputs/atom/check.py", {"printing"}),
        ("outputs/presentation.py", {"printing"}),
        ("outputs/html/templates/feed.html", {"printing"}),
        ("outputs/validity.py", {"printing"}),
        ("web/pages.py", set()),
        ("service/program.py", set()),
    ],
)
def test_an_edited_file_changes_the_versions_it_takes_part_in(
    file: str, changed: set[str], copied: Path
) -> None:
    before = said()
    with (copied / file).open("a", encoding="utf-8") as edited:
        edited.write("\n")
    after = said()
    assert {name for name in VERSIONS if after[name] != before[name]} == changed


def test_files_of_every_kind_beside_the_code_count(copied: Path) -> None:
    beside = {
        (path.parent, path.suffix): path
        for package in ("text", "query", "parse", "outputs")
        for path in (copied / package).rglob("*")
        if path.is_file() and path.suffix != ".py"
    }
    assert len(beside) > 3
    for file in beside.values():
        before, text = said(), file.read_bytes()
        file.write_bytes(text + b"\n")
        assert said() != before, file
        file.write_bytes(text)
        assert said() == before


def test_a_module_that_is_imported_for_the_first_time_counts_from_then_on(copied: Path) -> None:
    (copied / "parse" / "fresh.py").write_text("")
    (copied / "outside.py").write_text("")
    before = said()
    with (copied / "outputs" / "fragments.py").open("a", encoding="utf-8") as edited:
        edited.write("\nfrom aggregator import (  # why\n    feeds,  # too\n    outside as other,\n)\n")
    assert {name for name in VERSIONS if said()[name] != before[name]} == {"printing"}
    assert "aggregator.outside" in versions.modules(versions.PRINTING)
    before = said()
    (copied / "outside.py").write_text("edited = True")
    assert {name for name in VERSIONS if said()[name] != before[name]} == {"printing"}


def test_what_is_compiled_and_where_it_lies_changes_nothing(copied: Path) -> None:
    before = said()
    (copied / "parse" / "__pycache__").mkdir()
    (copied / "parse" / "__pycache__" / "drafts.pyc").write_text("compiled")
    os.utime(copied / "parse" / "drafts.py", (0, 0))
    assert said() == before
    assert all(len(version) == 16 for version in before.values())


# ── what is read anew ───────────────────────────────────────────────────────────────────────────

PLAIN, PICKY = Source("plain", "https://plain.example/"), Source("picky", "https://picky.example/")
CONFIG = Config(
    Site("Wire", "https://wire.example.org/"),
    Polling(),
    (PLAIN, replace(PICKY, only="list:states", skip="topic:war")),
    {"states": "China", "foods": "cake"},
    (Topic("war", "War", match="war"), Topic("food", "Food", match="list:foods")),
)


def readers(config: Config) -> tuple[str, str]:
    compiled = compile_config(config)
    return compiled.reader(config.sources[0]), compiled.reader(config.sources[1])


@pytest.mark.parametrize(
    ("edited", "which"),
    [
        (replace(CONFIG, lists={**CONFIG.lists, "states": "China\nJapan"}), {"picky"}),
        (replace(CONFIG, topics=(Topic("war", "War", match="battle"), CONFIG.topics[1])), {"picky"}),
        (replace(CONFIG, sources=(PLAIN, replace(CONFIG.sources[1], skip="topic:food"))), {"picky"}),
        (replace(CONFIG, sources=(replace(PLAIN, only="list:foods"), CONFIG.sources[1])), {"plain"}),
        (replace(CONFIG, topics=(replace(CONFIG.topics[0], title="Wars"), CONFIG.topics[1])), set()),
    ],
)
def test_an_edit_reads_anew_the_sources_that_it_lets_in_other_items_of(
    edited: Config, which: set[str]
) -> None:
    before, after = readers(CONFIG), readers(edited)
    changed = {
        name for name, one, other in zip(("plain", "picky"), before, after, strict=True) if one != other
    }
    assert changed == which


def test_an_edit_of_a_list_that_no_source_asks_for_reads_nothing_anew() -> None:
    picky = replace(CONFIG.sources[1], skip="")
    config = replace(CONFIG, sources=(PLAIN, picky))
    assert readers(config) == readers(replace(config, lists={**config.lists, "foods": "bread"}))
