"""The table of packages in docs/architecture.md is what the packages say of themselves."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
MARKS = "<!-- packages -->\n", "<!-- /packages -->"


def described(path: Path) -> str:
    """The first line of a module's docstring, without its full stop."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0].rstrip(".").replace("|", r"\|")


def rows(name: str) -> list[str]:
    """The line of a package or module, and those of the packages in it."""
    folder = ROOT / "aggregator" / name
    if not folder.is_dir():
        return [f"| `{name}.py` | {described(folder.with_suffix('.py'))} |"]
    inner = sorted(path.name for path in folder.iterdir() if (path / "__init__.py").exists())
    return [f"| `{name}/` | {described(folder / '__init__.py')} |"] + [
        row for one in inner for row in rows(f"{name}/{one}")
    ]


def table() -> str:
    """All packages, from the lowest up, as import-linter has them in order."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    names = [name for layer in reversed(layers) for name in re.findall(r"\w+", layer)]
    return "\n".join(
        ["| package | what it is |", "|---|---|", *(row for name in names for row in rows(name))]
    )


def test_the_table_of_packages_is_made_of_their_docstrings() -> None:
    begin, end = MARKS
    written = PAGE.read_text("utf-8").partition(begin)[2].partition(end)[0].rstrip()
    assert written == table(), "paste what tests/test_architecture.py says between the marks"
