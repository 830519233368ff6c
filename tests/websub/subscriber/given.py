"""What tests of subscriptions start from."""

from datetime import UTC, datetime, timedelta

from aggregator.model import Subscription

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HUB, TOPIC = "https://hub.example/", "https://outlet.example/feed"
CALLBACKS = "https://wire.example/push/"


def subscription(hub: str = HUB, topic: str = TOPIC, token: str = "token") -> Subscription:
    return Subscription("outlet", hub, topic, CALLBACKS + token, "secret", NOW)
