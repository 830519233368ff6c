"""What the signature of a push is worth."""

import hmac

import pytest

from aggregator.websub import subscriber

SECRET, BODY = "a secret of ours", b"<feed/>"


def signed(method: str, body: bytes = BODY, secret: str = SECRET) -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_sha_256_and_better_are_believed(method: str) -> None:
    assert subscriber.seal(SECRET, [BODY], signed(method)) == "strong"
    assert subscriber.seal(SECRET, [BODY], signed(method).upper()) == "strong"


def test_sha_1_is_no_more_than_a_hint() -> None:
    assert subscriber.seal(SECRET, [BODY], signed("sha1")) == "weak"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256",
        "sha256=",
        "=",
        "md5=" + hmac.new(SECRET.encode(), BODY, "md5").hexdigest(),
        signed("sha256", b"<feed />"),
        signed("sha256", secret="another"),
        signed("sha256")[:-1],
        signed("sha256") + "0",
        "sha512=" + signed("sha256").partition("=")[2],
        "sha256=é\udcff",
    ],
)
def test_anything_else_is_nothing(header: str | None) -> None:
    assert subscriber.seal(SECRET, [BODY], header) == "none"


def test_of_several_signatures_the_best_that_is_right_counts() -> None:
    assert subscriber.seal(SECRET, [BODY], f"{signed('sha1')}, {signed('sha256')}") == "strong"
    assert subscriber.seal(SECRET, [BODY], f"sha256=0, {signed('sha1')}") == "weak"
    assert subscriber.seal(SECRET, [BODY], f"{'sha512=0,' * 4} {signed('sha256')}") == "none"


def test_the_body_as_sent_and_as_decoded_are_both_what_hubs_sign() -> None:
    assert subscriber.seal(SECRET, [b"packed", BODY], signed("sha256")) == "strong"
    assert subscriber.seal(SECRET, [b"packed", BODY], signed("sha256", b"packed")) == "strong"
