"""The list of commands: what it says is there, and nothing of it is cut short."""

import pytest
from click.testing import CliRunner

from aggregator.cli import program
from aggregator.cli.registry import COMMANDS, Listed
from aggregator.cli.sources import sources

SUBCOMMANDS = [one for one in sources.commands.values() if isinstance(one, Listed)]


@pytest.mark.parametrize("one", [*COMMANDS, *SUBCOMMANDS], ids=lambda one: one.name)
def test_a_command_is_what_its_line_names(one: Listed) -> None:
    assert one.command.name == one.name
    assert one.command.help


@pytest.mark.parametrize(("words", "lines"), [([], COMMANDS), (["sources"], SUBCOMMANDS)])
def test_every_line_is_shown_whole_on_a_small_terminal(words: list[str], lines: list[Listed]) -> None:
    shown = CliRunner(env={"COLUMNS": "80"}).invoke(program, [*words, "--help"]).stdout
    cut = [
        one.name for one in lines if one.get_short_help_str(100) not in shown or f"  {one.name} " not in shown
    ]
    assert cut == []


def test_a_mistyped_command_is_told_the_nearest() -> None:
    said = CliRunner().invoke(program, ["serach"])
    assert said.exit_code == 2
    assert "search" in said.stderr
