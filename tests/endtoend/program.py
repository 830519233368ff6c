"""The command `aggregator` as a person runs it, in a folder of its own."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aggregator.__main__ import main

TOPICS = """
topics:
  diplomacy:
    title: Diplomacy
    match: |
      diplomat*
      "peace talks"
  world:
    title: World
    match: |
      war
      peace
      election*
"""


@dataclass(frozen=True)
class Said:
    """What a command printed."""

    stdout: str
    stderr: str


@dataclass(frozen=True)
class Program:
    """One installation: configuration, database and feeds below `folder`."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config" / "sources.yaml"

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "aggregator.db"

    def configure(self, sources: Mapping[str, str], topics: str = TOPICS) -> None:
        """Write a configuration that polls servers on this machine."""
        lines = [
            "site:",
            "  title: Test Wire",
            "  url: https://wire.example.org/",
            "  contact: desk@example.org",
            "polling:",
            "  allow-private: [127.0.0.0/8]",
            "  per-host: {at-once: 50, pause: 0s}",
            "sources:",
            *(f"  {id}: {url}" for id, url in sources.items()),
        ]
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text("\n".join(lines) + topics, encoding="utf-8")

    def command(self, *words: str) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", "aggregator", *words]

    @property
    def environment(self) -> dict[str, str]:
        """Where this installation is, as the program reads it."""
        return os.environ | {
            "AGGREGATOR_CONFIG": str(self.config),
            "AGGREGATOR_DATABASE": str(self.database),
            "AGGREGATOR_FEEDS": str(self.feeds),
            "AGGREGATOR_TRACEBACK": "1",
        }

    def run(self, *words: str, code: int = 0) -> Said:
        """Run it to its end, in this process; `code` is the exit code it must have."""
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(err):
            here.setattr(sys, "argv", ["aggregator", *words])
            for name, value in self.environment.items():
                here.setenv(name, value)
            left = _exit_code()
        out.seek(0)
        said = Said(out.read(), err.getvalue())
        assert left == code, said
        assert "Traceback" not in said.stderr
        return said

    def facts(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Run it with `--json` and read what it says."""
        said: dict[str, Any] = json.loads(self.run(*words, "--json", code=code).stdout)
        return said

    @property
    def log(self) -> Path:
        """What a started program wrote to standard error."""
        return self.folder / "log"

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start it and leave it running; the caller ends it."""
        with self.log.open("w") as log:
            return subprocess.Popen(
                self.command(*words),
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=self.environment,
                start_new_session=True,
            )

    def documents(self) -> dict[str, bytes]:
        """Every published file by its path."""
        files = (path for path in self.feeds.rglob("*") if path.is_file())
        return {str(path.relative_to(self.feeds)): path.read_bytes() for path in files}

    def stamps(self) -> dict[str, int]:
        """When every published file was last written."""
        files = (path for path in self.feeds.rglob("*") if path.is_file())
        return {str(path.relative_to(self.feeds)): path.stat().st_mtime_ns for path in files}


def _exit_code() -> object:
    try:
        main()
    except SystemExit as left:
        return left.code
    return 0


def end(process: "subprocess.Popen[bytes]", number: signal.Signals = signal.SIGTERM) -> int:
    """Stop a running program; its exit code."""
    process.send_signal(number)
    return process.wait(timeout=20)
