"""One body, read from its bytes to its items."""

from aggregator.model import Failure, Refined, Response, Source
from aggregator.parse import normalize, readers


def refine(source: Source, response: Response) -> Refined | Failure:
    """The items in a body, or why there are none, as one sentence; never raises, whatever the body is."""
    try:
        parsed = readers.read(response)
        if isinstance(parsed, Failure):
            return parsed
        return Refined(
            head=parsed.head,
            items=normalize.items(parsed, source.id),
            pace=parsed.pace,
            format=parsed.format,
            entries=len(parsed.drafts),
            notes=parsed.notes,
            torn=parsed.torn,
            fragile=parsed.fragile,
            offer=parsed.offer,
            deleted=parsed.deleted,
        )
    except Exception as error:  # hostile input finds faults in any parser; a source never stops the program
        return _unreadable(response, error)


def _unreadable(response: Response, error: Exception) -> Failure:
    what = "needs more memory than there is" if isinstance(error, MemoryError) else "cannot be parsed"
    return Failure(
        kind="limits" if isinstance(error, MemoryError) else "format",
        sentence=f"answered a feed that {what} ({type(error).__name__}); if it opens elsewhere, report it.",
        status=response.status,
        headers=response.headers,
        requests=response.requests,
    )
