"""The web server of what is published: `app` makes the application, `serve` listens with it."""

from aggregator.web.app import app
from aggregator.web.push import Receiver
from aggregator.web.search import Result, Search
from aggregator.web.server import serve

__all__ = ["Receiver", "Result", "Search", "app", "serve"]
