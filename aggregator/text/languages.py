"""Language tags as BCP 47 writes them."""

import re

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)
_NOTHING = frozenset({"und", "mul", "zxx", "mis", "xx"})


def tag(value: str) -> str:
    """`value` as a BCP 47 tag (`en_us` → `en-US`, the first of a list), or "" where it is none."""
    first = re.split(r"[,;\s]", value.strip(), maxsplit=1)[0].replace("_", "-")
    match = _TAG.fullmatch(first)
    if not match or match["language"].lower() in _NOTHING:
        return ""
    parts = (
        match["language"].lower(),
        (match["script"] or "").title(),
        (match["region"] or "").upper(),
        match["rest"].strip("-").lower(),
    )
    return "-".join(part for part in parts if part)
