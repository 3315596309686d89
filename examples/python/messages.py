"""Sends each line of its standard input as a message, or prints the messages of all senders: native/messages.c in Python.

    cc -O2 -shared -fPIC -o target/libmessages.so examples/python/messages_library.c
    python3 examples/python/messages.py send|receive [NAME [NUMBER]]

Sender and Receiver call the C functions of sharedregion_messages.h by ctypes. A channel needs atomic changes of its memory,
which Python does not have.
"""

import ctypes
import os
import pathlib
import sys
import time

LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "target" / ("messages.dll" if os.name == "nt" else "libmessages.so")

OK, TIMED_OUT = 0, 15  # of sr_reason
FOREVER = -1

# 64 KiB for each of 8 senders, and lines of up to 1 MiB: as in messages.c.
CAPACITY, SENDERS, LONGEST = 1 << 16, 8, 1 << 20


class _Error(ctypes.Structure):
    _fields_ = [("reason", ctypes.c_int), ("code", ctypes.c_int), ("message", ctypes.c_char * 640)]


class _Message(ctypes.Structure):
    _fields_ = [
        ("sender", ctypes.c_uint32),
        ("type", ctypes.c_int32),
        ("bytes", ctypes.c_void_p),
        ("length", ctypes.c_uint64),
        ("last", ctypes.c_bool),
        ("aborted", ctypes.c_bool),
    ]


_Handler = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(_Message))


def _load():
    library = ctypes.CDLL(str(LIBRARY))
    pointer, size, nanos, error = ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int64, ctypes.POINTER(_Error)
    for name, result, *arguments in (
        ("sender_open", pointer, ctypes.c_char_p, size, size, error),
        ("sender_send", ctypes.c_int, pointer, ctypes.c_int32, ctypes.c_char_p, size, nanos, error),
        ("sender_backlog", size, pointer),
        ("sender_close", None, pointer),
        ("receiver_open", pointer, ctypes.c_char_p, size, size, size, error),
        ("receiver_receive", ctypes.c_int, pointer, _Handler, size, nanos, ctypes.POINTER(size), error),
        ("receiver_close", None, pointer),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class Failure(Exception):
    """A call of the library has failed."""


class Sender:
    """A sender of a channel, which it creates if there is none."""

    def __init__(self, library, name):
        self._library, self._error = library, _Error()
        self._sender = library.sender_open(name.encode(), CAPACITY, SENDERS, self._error)
        if not self._sender:
            raise Failure(self._error.message.decode())

    def send(self, message, kind=0, nanos=FOREVER):
        """Sends bytes. Returns False if there was no room before the time was over."""
        reason = self._library.sender_send(self._sender, kind, message, len(message), nanos, self._error)
        if reason not in (OK, TIMED_OUT):
            raise Failure(self._error.message.decode())
        return reason == OK

    def backlog(self):
        """How many bytes of the channel were not received yet."""
        return self._library.sender_backlog(self._sender)

    def close(self):
        self._library.sender_close(self._sender)


class Receiver:
    """The receiver of a channel, which it creates if there is none."""

    def __init__(self, library, name):
        self._library, self._error = library, _Error()
        self._receiver = library.receiver_open(name.encode(), CAPACITY, SENDERS, LONGEST, self._error)
        if not self._receiver:
            raise Failure(self._error.message.decode())

    def receive(self, limit, nanos=FOREVER):
        """Waits for messages, and returns those that are there, as (sender, type, bytes)."""
        messages = []

        def handler(_, message):
            got = message.contents
            messages.append((got.sender, got.type, ctypes.string_at(got.bytes, got.length)))
            return True

        reason = self._library.receiver_receive(self._receiver, _Handler(handler), limit, nanos, None, self._error)
        if reason not in (OK, TIMED_OUT):
            raise Failure(self._error.message.decode())
        return messages

    def close(self):
        self._library.receiver_close(self._receiver)


def send_lines(library, name, number):
    sender = Sender(library, name)
    print(f'Sending to the channel "{name}".', file=sys.stderr, flush=True)
    for _, line in zip(range(number), sys.stdin.buffer):
        sender.send(line.rstrip(b"\r\n"))
    while sender.backlog():  # the channel goes with its last user
        time.sleep(0.001)
    sender.close()


def print_messages(library, name, number):
    receiver = Receiver(library, name)
    print(f'Receiving from the channel "{name}".', file=sys.stderr, flush=True)
    while number > 0:
        # A wait in C cannot be interrupted: with a limit of a second, Ctrl-C ends the program.
        messages = receiver.receive(min(number, 100), 1_000_000_000)
        for sender, _, message in messages:
            sys.stdout.buffer.write(b"[%d] %s\n" % (sender, message))
        sys.stdout.flush()
        number -= len(messages)
    receiver.close()


def main(role="", name="messages", number=sys.maxsize):
    roles = {"send": send_lines, "receive": print_messages}
    if role not in roles:
        sys.exit("Usage: messages.py send|receive [NAME [NUMBER]]")
    try:
        roles[role](_load(), name, int(number))
    except (Failure, OSError) as e:
        sys.exit(str(e))


if __name__ == "__main__":
    main(*sys.argv[1:4])
