"""Workers and commands that start at once: forked from a process that has loaded the product and done nothing else.

To load it takes two seconds of CPU, and the suite starts more than a hundred. What a fork runs is what `python -m` would run,
with its own arguments, settings, input and outputs; it is a process of its own that can be killed, frozen and waited for. What it
registered to be done at its end is not done: a command that starts an embedded server has to be a process by itself.
"""

import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
LARGEST = 1 << 17


class Fork:
    """A process that was forked; what `subprocess.Popen` can do that tests need."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        line.settimeout(180)
        self.pid = int(line.recv(LARGEST))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, or None."""
        with contextlib.suppress(TimeoutError, BlockingIOError):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended. Raises TimeoutError, or BlockingIOError if it was not to wait at all."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            # Nothing: the one that forks has died, and all that it forked with it.
            self.returncode = int(self._line.recv(LARGEST) or -signal.SIGKILL)
            self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still lives."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as the kernel does."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def fork(module: str, arguments: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> Fork:
    """Start `python -m MODULE ARGUMENTS` with both of its outputs going to a file."""
    with Path(os.devnull).open("rb") as nothing:
        return _fork(module, arguments, environment, nothing, output, output)


def run(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], given: bytes = b"", seconds: float = 300
) -> subprocess.CompletedProcess[bytes]:
    """Let `python -m MODULE ARGUMENTS` read what is given, and wait for its end and for what it says.

    Raises TimeoutError if it takes longer; it is killed then.
    """
    with tempfile.TemporaryFile() as to, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        to.write(given)
        to.seek(0)
        process = _fork(module, arguments, environment, to, out, errors)
        try:
            code = process.wait(seconds)
        except TimeoutError:
            process.kill()
            raise
        said = [_all_of(file) for file in (out, errors)]
    return subprocess.CompletedProcess([module, *arguments], code, *said)


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _fork(module: str, arguments: Sequence[str], environment: Mapping[str, str], *streams: IO[bytes]) -> Fork:
    """Start it with its input and its two outputs."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asked = json.dumps({"module": module, "arguments": list(arguments), "environment": dict(environment)})
    with theirs:
        socket.send_fds(_forker(), [asked.encode()], [theirs.fileno(), *(stream.fileno() for stream in streams)])
    return Fork(ours)


@cache
def _forker() -> socket.socket:
    """The line to the process that forks, one for each process of tests; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        # Its own errors are shown; those that it forks say theirs elsewhere.
        command = [sys.executable, "-m", "tests.forks", str(theirs.fileno())]
        subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    return ours


def main(line: socket.socket) -> None:
    """Load the product, then fork whenever the line says so."""
    from brandhound.app import worker

    assert worker
    gc.collect()
    gc.freeze()
    hearing, heard = socket.socketpair()
    heard.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda _, __: None)
    signal.set_wakeup_fd(heard.fileno())
    children: dict[int, socket.socket] = {}
    try:
        _fork_and_tell(line, hearing, heard, children)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)


def _fork_and_tell(
    line: socket.socket, hearing: socket.socket, heard: socket.socket, children: dict[int, socket.socket]
) -> None:
    while True:
        ready, _, _ = select.select([line, hearing], [], [])
        if hearing in ready:
            hearing.recv(LARGEST)
            _tell_of_ended(children)
        if line not in ready:
            continue
        said, descriptors, _, _ = socket.recv_fds(line, LARGEST, 4)
        if not said:
            return
        asking, *streams = descriptors
        if pid := os.fork():
            for stream in streams:
                os.close(stream)
            children[pid] = socket.socket(fileno=asking)
            children[pid].send(str(pid).encode())
            continue
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in (line, hearing, heard, *children.values()):
            other.close()
        children.clear()
        os.close(asking)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        _become(json.loads(said))


def _tell_of_ended(children: dict[int, socket.socket]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with children.pop(pid) as line, contextlib.suppress(BrokenPipeError):
            line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(asked: dict[str, Any]) -> None:
    """Be that program until it ends, and end as it does."""
    from brandhound.core import settings

    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = [asked["module"], *asked["arguments"]]
    code = 0
    try:
        settings._kept.clear()  # pyright: ignore[reportPrivateUsage]
        runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1 if end.code else 0
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # What waits for the process that forks is not ours to clear up.
    os._exit(code)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
