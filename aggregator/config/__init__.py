"""config/sources.yaml → one valid `model.Config`, or every problem of the file at once."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from aggregator.config.building import build
from aggregator.config.jsonschema import json_schema
from aggregator.config.leaves import Surroundings
from aggregator.config.queries import check_queries
from aggregator.config.reading import read
from aggregator.config.references import check_references, entries
from aggregator.config.schema import File
from aggregator.config.wording import report_all
from aggregator.errors import ConfigError, InputError
from aggregator.model import Config

__all__ = ["hints", "json_schema", "load", "load_text"]


def load(path: Path, environ: Mapping[str, str], file_name: str | None = None) -> Config:
    """The configuration in a file, called `file_name` in messages.

    Raises ConfigError with every problem, or InputError where there is no readable UTF-8 text.
    """
    name = file_name or str(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"{name} does not exist; name the configuration with --config.") from None
    except OSError as error:
        raise InputError(
            f"{name} cannot be read ({error.strerror}); check the file and its permissions."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name} is not UTF-8 in line {line}; save it as UTF-8 in your editor.") from None
    return load_text(text, environ, name)


def load_text(text: str, environ: Mapping[str, str], file_name: str) -> Config:
    """The configuration in a text; raises ConfigError with every problem of it."""
    document = read(text, file_name)
    file = None
    if document.readable:
        try:
            known = Surroundings(environ, frozenset(entries(document.root, "topics")))
            file = File.model_validate(document.root.plain, context=known)
        except ValidationError as error:
            report_all(document, error)
        check_references(document)
        check_queries(document)
    if file is None or document.problems:
        raise ConfigError(document.problems)
    return build(file)


def hints(config: Config, file_name: str = "config/sources.yaml") -> tuple[str, ...]:
    """What is valid but not yet fit for others to read, a line each."""
    missing = []
    if config.site.url.startswith(("http://localhost", "http://127.")):
        missing.append("site.url")
    if not config.site.contact:
        missing.append("site.contact")
    said = []
    if missing:
        said.append(f"Before others read this, fill in {' and '.join(missing)} in {file_name}.")
    if not config.sources:
        said.append(f"There is nothing to read yet: add a feed under sources in {file_name}.")
    return tuple(said)
