"""Certificates made on the spot with the openssl command."""

import asyncio
import shutil
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters import http
from aggregator.model import Failure, Request, Response
from tests.adapters.recorder import LOOPBACK, Names, Recorder, reply

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the openssl command is not installed"
)
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ca.pem and, signed by it, good.pem and expired.pem for a.test; self.pem; each with its key in it."""
    place = tmp_path_factory.mktemp("tls")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=place, check=True, capture_output=True)

    (place / "names").write_text("subjectAltName=DNS:a.test\n")
    openssl("req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "9")
    openssl("req", *KEY, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=leaf")
    for name, days in (("good", "9"), ("expired", "-1")):
        openssl(
            *("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-days", days, "-extfile", "names", "-out", f"{name}.pem"),
        )
    openssl(
        *("req", "-x509", "-key", "leaf.key", "-out", "self.pem", "-subj", "/CN=a.test", "-days", "9"),
        *("-addext", "subjectAltName=DNS:a.test"),
    )
    return place


def ask(
    folder: Path, certificate: str, host: str, *, trusted: bool = True, extra: str = ""
) -> Response | Failure:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    chain = folder / "chain.pem"
    chain.write_text((folder / certificate).read_text() + ((folder / extra).read_text() if extra else ""))
    served.load_cert_chain(chain, folder / "leaf.key")
    trust = ssl.create_default_context(cafile=str(folder / "ca.pem") if trusted else None)

    async def main() -> Response | Failure:
        names = Names({"a.test": [["127.0.0.1"]], "b.test": [["127.0.0.1"]]})
        server = Recorder({"*": reply(200, b"hello")}, tls=served)
        async with server, http.open_fetch("x", resolver=names, tls=trust) as fetch:
            url = server.url("/", host)
            result = await fetch(Request(url, pause_per_host=timedelta(0), allow_private=LOOPBACK))
            assert isinstance(result, Response) or not server.hits
            return result

    return asyncio.run(main())


def test_a_good_certificate_is_accepted(folder: Path) -> None:
    result = ask(folder, "good.pem", "a.test")
    assert isinstance(result, Response)
    assert result.body == b"hello"


@pytest.mark.parametrize(
    ("certificate", "host", "trusted", "extra", "cause"),
    [
        ("expired.pem", "a.test", True, "", "has expired"),
        ("self.pem", "a.test", True, "", "is self-signed"),
        ("good.pem", "b.test", True, "", "is for another name"),
        ("good.pem", "a.test", False, "", "comes from an unknown issuer"),
        ("good.pem", "a.test", False, "ca.pem", "comes from an issuer that is not trusted"),
    ],
)
def test_a_bad_certificate_is_named_by_its_cause_and_no_request_is_made(
    folder: Path, certificate: str, host: str, trusted: bool, extra: str, cause: str
) -> None:
    result = ask(folder, certificate, host, trusted=trusted, extra=extra)
    assert isinstance(result, Failure)
    assert (result.kind, result.requests) == ("tls", 0)
    assert cause in result.sentence
    assert host in result.sentence


def test_a_server_that_speaks_no_tls_is_told_from_a_bad_certificate() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(400))
        await reader.read()
        writer.close()

    async def main() -> Response | Failure:
        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        async with server, http.open_fetch("x") as fetch:
            url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            return await fetch(Request(url, pause_per_host=timedelta(0), allow_private=LOOPBACK))

    result = asyncio.run(main())
    assert isinstance(result, Failure)
    assert (result.kind, result.requests) == ("tls", 0)
    assert "does not speak TLS at this port (wrong version number); write http://" in result.sentence


def test_secrets_do_not_follow_from_https_to_http(folder: Path) -> None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(folder / "good.pem", folder / "leaf.key")
    trust = ssl.create_default_context(cafile=str(folder / "ca.pem"))

    async def main() -> tuple[Response | Failure, Response | Failure, int]:
        names = Names({"a.test": [["127.0.0.1"]]})
        async with Recorder({"*": reply(200, b"plain")}) as plain:
            moved = reply(301, b"", ("Location", plain.url("/", "a.test")))
            secure = Recorder({"*": moved}, tls=served)
            async with secure, http.open_fetch("x", resolver=names, tls=trust) as fetch:
                open_one = Request(
                    secure.url("/", "a.test"), pause_per_host=timedelta(0), allow_private=LOOPBACK
                )
                secret = Request(
                    secure.url("/", "a.test"),
                    headers=(("X-Key", "y"),),
                    pause_per_host=timedelta(0),
                    allow_private=LOOPBACK,
                )
                refused = await fetch(secret)
                return refused, await fetch(open_one), len(plain.hits)

    refused, followed, hits = asyncio.run(main())
    assert isinstance(refused, Failure)
    assert "https to http" in refused.sentence
    assert isinstance(followed, Response)
    assert followed.moved_to is None
    assert hits == 1
