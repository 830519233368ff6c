"""The configuration of the demonstration, as an operator would write it."""

from collections.abc import Sequence
from importlib.resources import files
from string import Template

from aggregator.demo.stories import SampleOutlet

FULL = "meridian-courier"  # this outlet allows its full text and its pictures


def config_text(outlets: Sequence[SampleOutlet], base: str, site_url: str) -> str:
    """A whole sources.yaml; `base` is where the outlets are, `site_url` where the result will be."""
    frame = files(__package__).joinpath("sources.template.yaml").read_text(encoding="utf-8")
    sources = "".join(f"{_source(outlet, base)}\n" for outlet in outlets)
    return Template(frame).substitute(site_url=site_url, sources=sources)


def _source(outlet: SampleOutlet, base: str) -> str:
    lines = [
        f"  {outlet.id}:",
        f"    title: {outlet.title}",
        f"    feed: {base}{outlet.id}/{outlet.file}",
        f"    page: {base}{outlet.id}/",
    ]
    if outlet.id == FULL:
        lines += ["    republish: full", "    permission: a sample outlet's", "    pictures: yes"]
    return "".join(f"{line}\n" for line in lines)
