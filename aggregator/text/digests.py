"""Digests: short names of texts, equal for equal texts, over years and machines (BLAKE2b, RFC 7693)."""

import hashlib


def digest(said: str | bytes, size: int = 16) -> str:
    """The digest of a text in hexadecimal; `size` in bytes. Many are stored, so a size once chosen stays."""
    if isinstance(said, str):
        said = said.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=size).hexdigest()
