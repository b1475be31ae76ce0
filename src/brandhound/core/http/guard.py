"""The dial: a name is resolved once, every address is judged, and the connection goes to exactly that address.

The check sits below the URL, where the socket is opened, so neither a second DNS answer nor a redirect gets around it.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import ip_address
from typing import Any, cast

import certifi
import httpcore
from httpcore import SOCKET_OPTION, AsyncNetworkBackend, AsyncNetworkStream

from brandhound.core.http.addresses import KEEPS_TO_ITSELF, AddressRules
from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.targets import literal_address

# httpcore's interface passes timeouts as arguments.
# ruff: noqa: ASYNC109

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

_HIGH_WATER = 512 * 1024
_CERTIFICATE_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED

# A dead name server holds a thread for many seconds: the loop's own threads are not spent on that.
_resolving = ThreadPoolExecutor(max_workers=16, thread_name_prefix="dns")


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of a name as the machine knows them, in the order to try them. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(
        _resolving, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    )
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def trusted_context() -> ssl.SSLContext:
    """Certificates are always verified: against Mozilla's roots and those of this machine."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


class GuardedBackend(AsyncNetworkBackend):
    """Opens connections for httpcore, and only those that the rules allow."""

    def __init__(
        self,
        rules: AddressRules,
        resolver: Resolver = system_resolver,
        on_private: Callable[[str], None] | None = None,
    ) -> None:
        self._rules = rules
        self._resolver = resolver
        self._on_private = on_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Resolve, judge, connect. Any forbidden address among a name's addresses forbids the name."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._judged(host, port)
                if self._on_private and self._is_private(addresses[0]):
                    self._on_private(host)
                return await self._connect(host, addresses, port, timeout)
        except TimeoutError as error:
            raise FetchFailed("timeout", f"{host} did not accept a connection in time") from error

    async def check(self, host: str, port: int, timeout: float | None = None) -> bool:
        """Resolve and judge, and connect to nothing; says whether it is an allowed private address. Raises FetchFailed."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._judged(host, port)
                return self._is_private(addresses[0])
        except TimeoutError as error:
            raise FetchFailed("timeout", f"the address of {host} was not found in time") from error

    def _is_private(self, address: str) -> bool:
        return self._rules.is_allowed_private(ip_address(address.partition("%")[0]))

    async def _judged(self, host: str, port: int) -> Sequence[str]:
        addresses = await self._resolve(host, port)
        for address in addresses:
            self._rules.check(address, port)
        return addresses

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        if literal_address(host) is not None:
            return [host]
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise self._nowhere(host) from error
        if not addresses:
            raise self._nowhere(host)
        return addresses

    def _nowhere(self, host: str) -> FetchFailed:
        # Whoever keeps to itself asks its own servers by name; a name that is none of theirs is refused, not unreachable.
        if self._rules.only_allowed:
            return FetchFailed("zero-egress", f"{KEEPS_TO_ITSELF}; {host} is not known to be on its own networks")
        return FetchFailed("dns", f"no address is known for {host}")

    async def _connect(
        self, host: str, addresses: Sequence[str], port: int, timeout: float | None
    ) -> AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        failure: OSError | None = None
        for place, address in enumerate(addresses):
            is_last = place == len(addresses) - 1
            try:
                # One silent address must not use up the time of the others.
                async with asyncio.timeout(None if is_last or timeout is None else timeout / 3):
                    _, protocol = await loop.create_connection(_Wire, address, port)
                return GuardedStream(protocol, loop)
            except OSError as error:  # TimeoutError is one
                failure = error
        if isinstance(failure, ConnectionRefusedError):
            raise FetchFailed("refused", f"{host} refuses connections on port {port}") from failure
        if isinstance(failure, TimeoutError):
            raise FetchFailed("timeout", f"{host} did not accept a connection in time") from failure
        raise FetchFailed("connection", f"{host} cannot be reached: {failure}") from failure

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SOCKET_OPTION] | None = None
    ) -> AsyncNetworkStream:
        raise FetchFailed("scheme", "no local sockets")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Wire(asyncio.Protocol):
    """Bytes of one connection. Lighter than asyncio's own streams, and it knows without a system call that it ended."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.ended = False
        self.error: Exception | None = None
        self.reader: asyncio.Future[None] | None = None
        self.writer: asyncio.Future[None] | None = None
        self.is_writing_paused = False
        self.is_reading_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are Transports in all but name.
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if len(self.buffer) > _HIGH_WATER and self.transport and not self.is_reading_paused:
            self.is_reading_paused = True
            self.transport.pause_reading()
        _wake(self.reader)

    def eof_received(self) -> bool:
        self.ended = True
        _wake(self.reader)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = exc
        _wake(self.reader)
        _wake(self.writer)

    def pause_writing(self) -> None:
        self.is_writing_paused = True

    def resume_writing(self) -> None:
        self.is_writing_paused = False
        _wake(self.writer)


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)


def _expire(future: asyncio.Future[None], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


class GuardedStream(AsyncNetworkStream):
    """A connection as httpcore wants it."""

    def __init__(self, wire: _Wire, loop: asyncio.AbstractEventLoop) -> None:
        self._wire = wire
        self._loop = loop

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        wire = self._wire
        if not wire.buffer and not wire.ended:
            wire.reader = self._loop.create_future()
            await self._wait(wire.reader, httpcore.ReadTimeout("nothing came in time"), timeout)
            wire.reader = None
        if not wire.buffer:
            if wire.error is not None:
                raise httpcore.ReadError(str(wire.error)) from wire.error
            return b""
        data = bytes(wire.buffer[:max_bytes])
        del wire.buffer[:max_bytes]
        if wire.is_reading_paused and len(wire.buffer) < _HIGH_WATER // 2 and not wire.ended and wire.transport:
            wire.is_reading_paused = False
            wire.transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        wire = self._wire
        if not buffer:
            return
        if wire.ended or wire.transport is None or wire.transport.is_closing():
            raise httpcore.WriteError("the connection has ended")
        wire.transport.write(buffer)
        if wire.is_writing_paused:
            wire.writer = self._loop.create_future()
            await self._wait(wire.writer, httpcore.WriteTimeout("nothing was taken in time"), timeout)
            wire.writer = None

    async def _wait(self, future: asyncio.Future[None], error: Exception, timeout: float | None) -> None:
        if timeout is None:
            await future
            return
        timer = self._loop.call_later(timeout, _expire, future, error)
        try:
            await future
        finally:
            timer.cancel()

    async def aclose(self) -> None:
        if self._wire.transport is not None:
            # Nothing is left to say, and a polite farewell over TLS may take half a minute.
            self._wire.transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> AsyncNetworkStream:
        wire = self._wire
        assert wire.transport is not None
        plain = wire.transport
        try:
            async with asyncio.timeout(timeout):
                transport = await self._loop.start_tls(plain, wire, ssl_context, server_hostname=server_hostname)
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message or str(error)
            if error.verify_code == _CERTIFICATE_EXPIRED:
                raise FetchFailed("tls-expired", why) from error
            raise FetchFailed("tls", f"its certificate is not trusted ({why})") from error
        except TimeoutError as error:
            raise FetchFailed("timeout", f"{server_hostname} did not finish its TLS handshake in time") from error
        except (ssl.SSLError, OSError) as error:
            raise FetchFailed("tls", f"{server_hostname} does not speak TLS properly: {error}") from error
        except BaseException:
            plain.abort()
            raise
        if transport is None:
            raise FetchFailed("tls", f"{server_hostname} hung up during the TLS handshake")
        wire.transport = transport
        return self

    def get_extra_info(self, info: str) -> Any:
        wire = self._wire
        if info == "is_readable":
            # On an idle connection there is nothing to read: bytes, or an end, mean that it is of no more use.
            return wire.ended or bool(wire.buffer)
        if info == "ssl_object" and wire.transport is not None:
            return wire.transport.get_extra_info("ssl_object")
        if info == "server_addr" and wire.transport is not None:
            return wire.transport.get_extra_info("peername")
        return None
