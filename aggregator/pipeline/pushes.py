"""Pushes go the way of a poll: Notice ──refine──▶ Items ──decide──▶ PollResult ──record──▶ Change."""

from dataclasses import dataclass, replace

from aggregator.compiled import Compiled
from aggregator.model import (
    Claim,
    Failure,
    Notice,
    Polled,
    PollResult,
    Refined,
    Response,
    Source,
    SourceState,
)
from aggregator.parse import known_entries
from aggregator.pipeline.polls import Poller
from aggregator.polling import answers

_INCREMENT = 226  # new entries alone, as in an answer to a poll (RFC 3229, 10.4.1)


@dataclass(frozen=True, slots=True)
class PushRecorder:
    """Takes what a hub pushed into the store, as a poll of its source."""

    poller: Poller

    async def take_in(self, claim: Claim, notice: Notice) -> PollResult | None:
        """Record a push about a claimed source; what cannot be read hurries its next poll.

        None, the claim given back, for a source that is no longer configured or was never read itself: what
        is pushed before would stand for all that its feed holds.
        """
        compiled, began = self.poller.context.compiled, self.poller.context.clock()
        source = compiled.config.by_id.get(claim.source)
        if source is None or claim.memory.good is None:
            await self.poller.context.in_thread(self.poller.context.store.release, [claim])
            return None
        arrived = await self._pushed(compiled, source, claim.memory, notice)
        poll = answers.pushed(source, claim, arrived, now=self.poller.context.clock())
        change = await self.poller.recorder.record(poll)
        self.poller.context.observe(Polled(source, poll, change, self.poller.context.clock() - began))
        return poll

    async def _pushed(
        self, compiled: Compiled, source: Source, memory: SourceState, notice: Notice
    ) -> answers.Arrived:
        reader, read_at = compiled.reader(source), memory.validators.url or memory.url or source.feed
        headers = (("content-type", notice.content_type),)
        response = Response(read_at, _INCREMENT, headers, b"" if notice.doubt else notice.body)
        if not response.body:
            doubt = notice.doubt or "Its hub pushed no content; the feed itself is asked."
            return answers.Arrived(response, reader, Failure("format", doubt))
        known = frozenset(memory.marks)  # many hubs push the whole feed each time
        cut = known_entries.cut(response, reader, known)
        refined = await self.poller.refine(source, replace(response, body=cut.body, edges=memory.edges))
        if isinstance(refined, Failure):
            told = replace(refined, sentence=f"What its hub pushed could not be read: it {refined.sentence}")
            return answers.Arrived(response, reader, told)
        refined = _headed(refined, memory)
        return answers.Arrived(
            response, reader, refined, compiled.tag(source, refined, self.poller.context.clock())
        )


def _headed(refined: Refined, memory: SourceState) -> Refined:
    """Items with the feed's title and page as last read, where a push leaves its own head out."""
    head = refined.head
    whole = replace(head, title=head.title or memory.title, page=head.page or memory.page)
    if whole == head:
        return refined
    return replace(refined, head=whole, items=tuple(replace(item, head=whole) for item in refined.items))
