"""Runs first in every kernel of the tests: a lesson must need no network."""

import sys


def refuse(event, details):
    """An audit hook that lets a kernel talk to its own machine alone."""
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        address = details[1] if event in ("socket.connect", "socket.sendto") else details
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in ("localhost", "127.0.0.1", "::1", None):
            raise PermissionError(f"a lesson must not need the network, this one asked for {host}")


sys.addaudithook(refuse)
