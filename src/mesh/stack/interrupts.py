"""Ctrl-C and SIGTERM while something is being started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Turns the signals that end a program into exceptions, but not in the middle of a step.

    Starting a process and recording it must not be torn apart: a signal that arrives inside
    :meth:`shielded` waits until its end.
    """

    def __init__(self) -> None:
        self._shields = 0
        self._pending: int | None = None

    @contextmanager
    def active(self) -> Iterator[Interrupts]:
        """Handle the signals inside the block; only the main thread of a program can."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        # What the caller has us ignore (nohup, a shell's background job) stays ignored.
        heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
        before = {number: signal.signal(number, self._on_signal) for number in heard}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Hold signals back until the block has ended."""
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1
        if not self._shields and self._pending is not None:
            number, self._pending = self._pending, None
            self._raise(number)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._shields:
            self._pending = number
        else:
            self._raise(number)

    @staticmethod
    def _raise(number: int) -> None:
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)
