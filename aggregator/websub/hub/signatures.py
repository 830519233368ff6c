"""How a notification shows that it comes from us (WebSub, 7.1)."""

import hmac
from collections.abc import Iterable


def signature(body: bytes, secret: str, callback: str, sha1_for: Iterable[str]) -> str:
    """The value of X-Hub-Signature: SHA-256, and SHA-1 for callbacks that the operator lists for it.

    An address in `sha1_for` that ends with a slash stands for all callbacks that begin with it.
    """
    listed = any(callback == one or (one.endswith("/") and callback.startswith(one)) for one in sha1_for)
    method = "sha1" if listed else "sha256"
    key = secret.encode("utf-8", "surrogatepass")
    return f"{method}={hmac.new(key, body, method).hexdigest()}"
