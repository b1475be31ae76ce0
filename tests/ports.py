"""Ports for servers that tests start in processes of their own."""

import random
import socket

FROM, UNTIL = 20_000, 30_000
"""Below those that the system itself gives to connections, so that none takes the port before its server does."""


def free_port() -> int:
    """One on which nobody listens."""
    chance = random.SystemRandom()
    while True:
        with socket.socket() as probe:
            port = chance.randrange(FROM, UNTIL)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
