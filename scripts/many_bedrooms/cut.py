"""A stretch of network that can be cut: what goes through it is held back, and nothing new gets through."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress


class Cable:
    """Leads from a port of its own to another one, both on the loopback."""

    def __init__(self, port: int, to: int) -> None:
        """Listen on ``port``, and lead to port ``to``."""
        self._to = to
        self._whole = threading.Event()
        self._whole.set()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        threading.Thread(target=self._accept, name="cable", daemon=True).start()

    def cut(self) -> None:
        """Nothing goes through any more; nobody is told."""
        self._whole.clear()

    def mend(self) -> None:
        """It goes through again."""
        self._whole.set()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            threading.Thread(target=self._lead, args=(near,), name="cable", daemon=True).start()

    def _lead(self, near: socket.socket) -> None:
        self._whole.wait()
        with (
            near,
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self._to), 5.0) as far,
            selectors.DefaultSelector() as ends,
        ):
            ends.register(near, selectors.EVENT_READ, (near, far))
            ends.register(far, selectors.EVENT_READ, (far, near))
            while True:
                for end, _ in ends.select():
                    self._whole.wait()
                    source, target = end.data
                    said = source.recv(65_536)
                    if not said:
                        return
                    target.sendall(said)
