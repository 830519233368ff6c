"""`aggregator run`: the whole program, until it is stopped."""

import click

from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.loop import run_to_its_end
from aggregator.cli.options import takes_address
from aggregator.service.program import ProgramParts
from aggregator.service.program import run as run_service


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(["poller", "web"]))
@takes_address
@takes_global_options
def run(given: Given, parts: tuple[str, ...], host: str, port: int) -> None:
    """Poll on schedule, publish, serve and follow edits; both parts if none is named."""
    chosen = ProgramParts("poller" in parts or not parts, "web" in parts or not parts, host, port)
    run_to_its_end(run_service(given.settings, chosen))
