"""A published document in memory, with the heads of its answers written out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

from aggregator.adapters.codings import IDENTITY, Coding

Stamp = tuple[int, ...]  # another one whenever the file was written or replaced
_NOT_WORTH_CODING = 256  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the bytes that follow the status line, Date and Connection."""

    status: int
    head: bytes
    body: bytes = b""


@dataclass(slots=True)
class Resource:
    """One version of the document at path `name`; `modified` in seconds since 1970."""

    name: str
    shown: bool  # with the media type that a browser shows (headers.media_type)
    stamp: Stamp
    body: bytes
    digest: str
    modified: int
    describing: Mapping[str, str]  # headers of a 200
    caching: Mapping[str, str]  # headers of a 304
    compressible: bool = True
    last_modified: str = field(init=False)
    _whole: dict[Coding, Answer] = field(init=False, default_factory=dict, repr=False)
    _unchanged: dict[Coding, Answer] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.last_modified = formatdate(self.modified, usegmt=True)
        self._whole[IDENTITY] = self.encode(IDENTITY)

    @property
    def size(self) -> int:
        """Bytes of memory it takes, about."""
        coded = (answer.body for coding, answer in self._whole.items() if coding is not IDENTITY)
        return len(self.body) + sum(map(len, coded))

    def choose(self, codings: tuple[Coding, ...]) -> tuple[Coding, ...]:
        """Those of the acceptable codings that make sense here, best first."""
        worthwhile = self.compressible and len(self.body) >= _NOT_WORTH_CODING
        if IDENTITY in codings and not worthwhile:
            return (IDENTITY,)
        return codings

    def ready(self, coding: Coding) -> Answer | None:
        """The whole document in that coding, if it was made and kept."""
        return self._whole.get(coding)

    def encode(self, coding: Coding) -> Answer:
        """Make the document in that coding; takes milliseconds, so off the event loop."""
        body = coding.encode(self.body)
        fields = {**self.describing, **self._validators(coding), "Content-Length": str(len(body))}
        if coding is not IDENTITY:
            fields["Content-Encoding"] = coding.name
        return Answer(200, _head(fields), body)

    def keep(self, coding: Coding, answer: Answer) -> None:
        """Remember what `encode` made."""
        self._whole[coding] = answer

    def not_modified(self, coding: Coding) -> Answer:
        """The 304 for a client that holds the document in that coding."""
        answer = self._unchanged.get(coding)
        if answer is None:
            answer = Answer(304, _head({**self.caching, **self._validators(coding)}))
            self._unchanged[coding] = answer
        return answer

    def etag(self, coding: Coding) -> str:
        """The strong validator of the document in that coding (RFC 9110, 8.8.3)."""
        return f'"{self.digest}{coding.suffix}"'

    def _validators(self, coding: Coding) -> dict[str, str]:
        return {"ETag": self.etag(coding), "Last-Modified": self.last_modified}


def content_digest(body: bytes) -> str:
    """Equal for equal bytes, over restarts and machines; what our ETags are made of."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def _head(fields: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{lines}\r\n".encode("ascii")
