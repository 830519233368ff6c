"""Headers whose secrets come from the environment; no message ever holds a value."""

import re
from collections.abc import Mapping

from aggregator.config.masking import shown
from aggregator.config.values import block, wrong
from aggregator.model import Secret, Unset

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # RFC 9110, 5.6.2
_UNFIT = re.compile("[^\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]")  # RFC 9110, 5.5
_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)


def header_name(value: object) -> str:
    """The name of a header that an operator may set."""
    name = block(value)
    if not _TOKEN.fullmatch(name):
        raise wrong(f"{shown(name)} is no name of a header.", "For example: Authorization")
    if name.lower() in _OURS:
        raise wrong(f"The header {name} is set by the program itself.", "Delete this line.")
    return name


def header_value(value: object, environ: Mapping[str, str]) -> str:
    """The value of a header, every ${NAME} filled in; `Unset` where one is not set, which is no mistake."""
    written = block(value).strip()
    filled = _REFERENCE.sub(lambda found: _variable(found[1], environ), written)
    if "${" in _REFERENCE.sub("", written):
        raise wrong("A ${ is not closed here.", "Write ${NAME}, with the name of an environment variable.")
    if missing := unset(written, environ):
        return Unset(" ".join(missing))
    if not filled:
        raise wrong("This header has no value.", "Write one, or delete the line.")
    if _UNFIT.search(filled):
        raise wrong("The value of this header has a line break or a control character in it.")
    return Secret(filled) if "${" in written else filled


def unset(written: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The environment variables that a value asks for and that are not set, or empty."""
    names = dict.fromkeys(_REFERENCE.findall(written))
    return tuple(name for name in names if not environ.get(name, "").strip())


def unset_sentences(name: str, source: str) -> tuple[str, str]:
    """What follows from a variable that is not set, and what to do."""
    return (
        f"The environment variable {name} is not set, so {source} is not polled.",
        f"Set {name} before the program starts.",
    )


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if not _VARIABLE.fullmatch(name):
        raise wrong(
            f"${{{shown(name)}}} names no environment variable.", "Write for example ${PARTNER_TOKEN}."
        )
    return environ.get(name, "").strip()
