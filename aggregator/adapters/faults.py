"""What went wrong on the network, as one sentence for the operator."""

import errno
import math
import re
import socket
import ssl
from datetime import timedelta
from http import HTTPStatus

import aiohttp

from aggregator.adapters.decoders import CodingError
from aggregator.adapters.guard import REFUSED, ForbiddenError
from aggregator.adapters.redirects import AddressError, RedirectError
from aggregator.adapters.responses import FramingError, TlsAnswerError
from aggregator.model import Failure, FailureKind
from aggregator.text import credentials

# OpenSSL's verification results (x509_vfy.h) that an operator can act on.
_CERTIFICATE = {
    9: "is not valid yet; check this machine's clock, or tell the outlet",
    10: "has expired; tell the outlet",
    18: "is self-signed; tell the outlet",
    19: "comes from an issuer that is not trusted; tell the outlet",
    20: "comes from an unknown issuer, or its server forgot the intermediate one; tell the outlet",
    21: "comes with an incomplete chain; tell the outlet",
    23: "was revoked; tell the outlet",
    62: "is for another name; check the address, or tell the outlet",
    64: "is for another address; use the server's name in the address",
}
# What OpenSSL makes of an answer that is no TLS (sslerr.h).
_NO_TLS = {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"}
_REASON = 120  # characters of a parser's reason
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
_NO_NAME_SERVICE = {socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM}
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_STATUS = {
    204: "answered without a feed (204 No Content); check the address",
    206: "sent a part that was not asked for (206 Partial Content); tell the outlet",
    226: "sent a change that was not asked for (226 IM Used); tell the outlet",
    304: "answered that nothing changed (304) though nothing was compared; tell the outlet",
    401: "asks for a login (401 Unauthorized); give the source its `headers`",
    403: "refuses us (403 Forbidden); ask the outlet to let the program's User-Agent in",
    404: "has no feed at this address (404 Not Found); check the address",
    410: "says that this feed is gone for good (410 Gone); find its new address or remove the source",
    429: "asks us to come back less often (429 Too Many Requests); it is asked again later",
    451: "withholds the feed for legal reasons (451); ask the outlet",
}


class TooLargeError(Exception):
    """A body that exceeds `limit` bytes once decoded."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


def status(host: str, code: int, headers: tuple[tuple[str, str], ...], requests: int) -> Failure:
    """A complete answer that is no feed and no 304; the headers are kept for Retry-After."""
    said = _STATUS.get(code)
    if said is None and code >= 500:
        said = f"has trouble of its own ({_named(code)}); it is asked again later"
    said = said or f"answered {_named(code)} instead of a feed; check the address"
    return Failure("http", f"{host} {said}.", code, headers, requests, host)


def refused(host: str, code: int, headers: tuple[tuple[str, str], ...], requests: int) -> Failure:
    """A form that was not taken; the headers are kept for Retry-After."""
    return Failure("http", f"{host} refused the request ({_named(code)}).", code, headers, requests, host)


def blocked(host: str, wait: timedelta, requests: int) -> Failure:
    """Nothing was asked: the host answered another source with 429 and wants no requests for a while."""
    headers = (("retry-after", str(math.ceil(wait.total_seconds()))),)
    sentence = f"{host} asked us to come back less often (429) at another source; it is asked later."
    return Failure("http", sentence, 429, headers, requests, host)


def tls_wanted(host: str, requests: int) -> Failure:
    """A server that was asked in plain HTTP expects TLS."""
    return Failure(
        "tls", f"{host} speaks TLS at this port; write https:// in its `feed`.", None, (), requests, host
    )


def failure(error: Exception, host: str, requests: int) -> Failure:
    """What an exception of a request means; a bug of ours is kind "internal"."""
    kind, sentence = _explained(error, host)
    unreached = kind == "network" and not requests
    local = unreached and _is_local(error)
    return Failure(kind, sentence, requests=requests, host=host, unreached=unreached, local=local)


def was_asked(error: Exception) -> bool:
    """Whether the request may have reached the server before the error."""
    unasked = (
        aiohttp.ClientConnectorError,
        aiohttp.ConnectionTimeoutError,
        aiohttp.InvalidURL,
        ForbiddenError,
        AddressError,
        ssl.SSLError,
    )
    return not isinstance(error, unasked)


def _is_local(error: Exception) -> bool:
    """Whether this machine's network or name service is the likelier cause."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, socket.gaierror):
        return cause.errno in _NO_NAME_SERVICE
    return isinstance(cause, OSError) and cause.errno in _UNREACHABLE | _EXHAUSTED


def _explained(error: Exception, host: str) -> tuple[FailureKind, str]:
    match error:
        case AddressError():
            return "address", str(error)
        case RedirectError():
            return "http", f"{host} {error}; check the address."
        case CodingError():
            return "format", f"The answer of {host} {error}; tell the outlet if it stays so."
        case TooLargeError():
            return "size", f"The feed of {host} exceeds {error.limit // 1_048_576} MB and was not read on."
        case aiohttp.InvalidURL():
            return "address", f"{host} is no usable host; correct `feed` in config/sources.yaml."
        case aiohttp.ConnectionTimeoutError():
            return "network", f"No connection to {host} came about in time; it is asked again later."
        case TimeoutError():
            return "network", f"{host} took too long to answer; it is asked again later."
        case aiohttp.ClientConnectorDNSError():
            return "network", _name_service(error.os_error, host)
        case aiohttp.ClientConnectorCertificateError():
            return "tls", _certificate(error.certificate_error, host)
        case aiohttp.ClientConnectorError():
            return _connection(error.os_error, host)
        case ssl.SSLError():
            return _connection(error, host)
        case aiohttp.ClientResponseError(__cause__=TlsAnswerError()):
            return "tls", f"{host} speaks TLS at this port; write https:// in its `feed`."
        case aiohttp.ClientResponseError() | FramingError():
            advised = "check the address, or tell the outlet"
            return "http", f"{host} did not answer in proper HTTP: {_parsers_reason(error)}; {advised}."
        case aiohttp.ClientPayloadError():
            return "network", f"The answer of {host} broke off{_missing(error)}; it is asked again later."
        case aiohttp.ClientError() | OSError():
            return "network", f"{host} closed the connection without a whole answer; it is asked again later."
        case _:
            what = credentials.without_credentials(repr(error))
            return "internal", f"Asking {host} hit a fault of this program; report it: {what}."


def _connection(error: BaseException, host: str) -> tuple[FailureKind, str]:
    number = error.errno if isinstance(error, OSError) else None
    if number == REFUSED:
        at = f" ({error.address})" if isinstance(error, ForbiddenError) and error.address != host else ""
        return "address", (
            f"{host}{at} is no public address and was not asked;"
            " if it is meant, name its network in polling.allow-private."
        )
    if isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
        advised = "write http:// in its `feed`, or correct the port"
        return "tls", f"{host} does not speak TLS at this port ({_reason(error)}); {advised}."
    if isinstance(error, ssl.SSLError):
        return "tls", f"No secure connection to {host} could be made ({_reason(error)}); tell the outlet."
    if number in _EXHAUSTED:
        return "network", f"This machine has no connection left for {host}; raise its limits (ulimit -n)."
    if number == errno.ECONNREFUSED:
        return "network", f"{host} refused the connection; its server is down, or the port is wrong."
    if number in _UNREACHABLE:
        return "network", f"There is no way to {host} from this machine; check its network."
    return "network", f"No connection to {host} came about; it is asked again later."


def _name_service(error: BaseException, host: str) -> str:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return f"The name {host} could not be looked up; check this machine's network if it stays so."
    return f"The name {host} was not found; check the address, and this machine's network."


def _certificate(error: Exception, host: str) -> str:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else 0
    said = _CERTIFICATE.get(code, f"is not valid ({error}); tell the outlet")
    return f"The TLS certificate of {host} {said}."


def _parsers_reason(error: aiohttp.ClientResponseError | FramingError) -> str:
    """The parser's own words: the first line that says something, without the bytes shown below it."""
    message = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    lines = (line.strip(" :.") for line in message.splitlines())
    said = next((line for line in lines if line and line != "Bad status line"), "it cannot be read")
    return credentials.without_credentials(said[:_REASON])


def _missing(error: aiohttp.ClientPayloadError) -> str:
    """How much of a body came, where that is known."""
    counted = re.search(r"received (\d+) of (\d+) bytes", str(error))
    return f" ({counted[1]} of {counted[2]} bytes came)" if counted else ""


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or "handshake failed").lower().replace("_", " ")


def _named(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
