"""What the program can do is written down, and what is written down exists."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from aggregator import __version__
from aggregator.cli.registry import COMMANDS, Listed

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.name)
def test_every_command_has_its_line_in_the_readme(one: Listed) -> None:
    assert re.search(rf"^\| `aggregator {one.name}\b", README, re.MULTILINE)


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.name)
def test_every_option_of_a_command_is_in_the_readme(one: Listed) -> None:
    options = [option for param in one.command.params for option in param.opts if option[:2] == "--"]
    assert [option for option in options if option not in README] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_make_target_has_its_line_in_the_help() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", lines, re.MULTILINE)
    assert targets is not None
    for target in targets[1].split():
        assert re.search(rf"^{target}:.*## ", lines, re.MULTILINE), target


def linked(page: Path) -> set[Path]:
    """The files that a page links to."""
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    return {(page.parent / link).resolve() for link in links if "://" not in link}


def test_every_page_is_in_the_index_of_documentation() -> None:
    index = ROOT / "docs" / "index.md"
    assert set((ROOT / "docs").glob("*.md")) - {index} <= linked(index)


def test_every_decision_is_in_the_index_of_decisions_with_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    titles = {page.name: page.read_text("utf-8").partition("\n")[0] for page in folder.glob("[0-9]*.md")}
    rows = re.findall(r"^\| \[(\d+)\]\((.+)\) \| (.+) \|$", (folder / "README.md").read_text("utf-8"), re.M)
    assert {name: f"# {number} {title}" for number, name, title in rows} == titles


def test_the_version_is_the_newest_in_the_changelog() -> None:
    headings = re.findall(r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == __version__


def test_the_classifiers_name_the_python_that_is_run_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    stated = [one.rpartition(" ")[2] for one in project["classifiers"] if ":: Python :: 3." in one]
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in stated
