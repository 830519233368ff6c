"""The hub's desk in the web part: takes what subscribers ask for, over a connection of its own each time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aggregator.model import Config
from aggregator.service.inspection import opened_store
from aggregator.service.settings import Settings, now
from aggregator.websub import hub
from aggregator.websub.hub.offers import offered

_FULL = {
    "pending": hub.Refusal(429, "Too many requests wait to be verified; ask again in a few minutes."),
    "subscriptions": hub.Refusal(503, "There is no room for more subscriptions; ask again later."),
}


@dataclass(slots=True)
class HubDesk:
    """`web.Desk` on the store; `config` is what is in force. Who runs the poller verifies and delivers."""

    settings: Settings
    config: Callable[[], Config]
    _known: tuple[Config, hub.Topics] | None = None

    def is_open(self) -> bool:
        """Whether there is a hub here at all."""
        return self.config().hub.own

    def link(self, path: str) -> str:
        """The Link header of a feed's document, which names its hub, ours or another; "" for none."""
        address, topics = self.config().hub.address, self._topics()
        return hub.link(address, topics.address(path)) if address and path in topics.paths else ""

    def ask(self, form: Sequence[tuple[str, str]], asker: str) -> hub.Refusal | None:
        """Remember a request until it is verified; why not, if it is refused."""
        read = hub.read_request(form, asker, self._topics())
        if isinstance(read, hub.Refusal):
            return read
        with opened_store(self.settings, looking=False) as store:
            full = store.hub.ask(read, now(), hub.bounds_for(asker))
        return _FULL[full] if full else None

    def _topics(self) -> hub.Topics:
        """Those of the configuration in force, put together once for each."""
        config, known = self.config(), self._known
        if known is None or known[0] is not config:
            known = self._known = config, offered(config)
        return known[1]
