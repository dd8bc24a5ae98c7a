"""A wire that can be cut: TCP between the shop and a server it needs."""

import socket
import struct
import threading
import time
from contextlib import suppress

# Closing then tells the other side with a reset, as a crash does.
AT_ONCE = struct.pack("ii", 1, 0)


class Wire:
    """One connection, two pumps."""

    def __init__(self, proxy: "Proxy", near: socket.socket, far: socket.socket):
        self.proxy, self.near, self.far = proxy, near, far
        self.loses_next_answer = False
        self.pumps = [
            threading.Thread(target=pump, daemon=True)
            for pump in (self._ask, self._answer)
        ]
        for pump in self.pumps:
            pump.start()

    def _ask(self) -> None:
        with suppress(OSError):
            for words in self._heard(self.near):
                self.loses_next_answer = self.proxy.loses_answer_to(words)
                if self.proxy.loses(words):
                    break
                self.far.sendall(words)
        self.reset()

    def _answer(self) -> None:
        with suppress(OSError):
            for words in self._heard(self.far):
                if self.loses_next_answer:
                    break
                self.near.sendall(words)
        self.reset()

    def _heard(self, side: socket.socket):
        while words := side.recv(65536):
            time.sleep(self.proxy.delay_s)
            self.proxy.may_speak.wait()
            yield words

    def reset(self) -> None:
        for side in (self.near, self.far):
            with suppress(OSError):
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                # Wakes the pump that reads from it; says nothing to the other side.
                side.shutdown(socket.SHUT_RD)
                side.close()

    def close_slowly(self) -> None:
        """The server has ended; the shop hears of it when it speaks next."""
        with suppress(OSError):
            self.near.shutdown(socket.SHUT_WR)


class Proxy:
    """Passes everything on to a port of this machine, until it is made a fault."""

    def __init__(self, host: str, port: int):
        self.target = (host, port)
        self.delay_s = 0.0
        self.may_speak = threading.Event()
        self.may_speak.set()
        self._losing: bytes | None = None
        self._losing_answer_to: bytes | None = None
        self._wires: list[Wire] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.let_in()

    # Faults

    def cut(self) -> None:
        """Reset all connections that there are."""
        wires, self._wires = self._wires, []
        for wire in wires:
            wire.reset()

    def close_slowly(self) -> None:
        wires, self._wires = self._wires, []
        for wire in wires:
            wire.close_slowly()

    def keep_out(self) -> None:
        """The server is down: connections are cut, and new ones refused."""
        listener, self._listener = self._listener, None
        # Closing alone would not wake the thread that accepts.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        self.cut()

    def let_in(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(
            target=self._accept, args=[self._listener], daemon=True
        ).start()

    def lose(self, words: bytes) -> None:
        """Reset the next connection that says these words; nobody hears them."""
        self._losing = words

    def lose_answer_to(self, words: bytes) -> None:
        """Reset it after the server has heard them, and has answered."""
        self._losing_answer_to = words

    def stop(self) -> None:
        self.may_speak.set()
        if self._listener:
            self.keep_out()

    # Its wires ask

    def loses(self, words: bytes) -> bool:
        if self._losing is None or self._losing not in words:
            return False
        self._losing = None
        return True

    def loses_answer_to(self, words: bytes) -> bool:
        if self._losing_answer_to is None or self._losing_answer_to not in words:
            return False
        self._losing_answer_to = None
        return True

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                try:
                    far = socket.create_connection(self.target, timeout=5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self._wires.append(Wire(self, near, far))
