"""`aggregator demo`: a first look at the whole program without a network."""

import shutil

import click

from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.loop import run_to_its_end
from aggregator.cli.options import takes_address
from aggregator.demo import SampleOutlets
from aggregator.service.program import ProgramParts
from aggregator.service.program import run as run_service
from aggregator.service.settings import Settings, now


@click.command()
@takes_address
@takes_global_options
def demo(given: Given, host: str, port: int) -> None:
    """Sample outlets on loopback and the whole program on them, for a first look."""
    run_to_its_end(_demo(given, ProgramParts(host=host, port=port)))


async def _demo(given: Given, parts: ProgramParts) -> None:
    folder = given.settings.database.parent / "demo"
    shutil.rmtree(folder, ignore_errors=True)  # each demo begins anew
    folder.mkdir(parents=True)
    site = f"http://{parts.host}:{parts.port}/"
    async with SampleOutlets(now) as outlets:
        settings = Settings(folder / "sources.yaml", folder / "aggregator.db", folder / "feeds")
        settings.config.write_text(outlets.config_text(site), encoding="utf-8")
        await run_service(settings, parts, lambda: _show(given, settings, site))


def _show(given: Given, settings: Settings, site: str) -> None:
    given.say(
        f"A browser:      {site}\n"
        f"A feed reader:  {site}all.atom\n"
        f"An edit:        {settings.config} (save it and look again)\n"
        f"Ctrl-C ends it; everything is below {settings.config.parent}.",
        {"site": site, "config": settings.config, "feeds": settings.feeds, "database": settings.database},
    )
