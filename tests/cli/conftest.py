"""What the tests of the commands share."""

from pathlib import Path

import pytest

from tests.cli.newsdesk import NewsDesk


@pytest.fixture
def desk(tmp_path: Path) -> NewsDesk:
    """An installation without a configuration."""
    return NewsDesk(tmp_path)
