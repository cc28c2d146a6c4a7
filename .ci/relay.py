"""A relay for what Wine 8's console cannot do: it knows no control sequences.

On the Windows Python, as `sitecustomize` and within a program for tests, output goes past the console to the port that
WIZARD_RELAY names, and keys from there become the records that Windows writes for a console with
ENABLE_VIRTUAL_TERMINAL_INPUT. In a Linux terminal, `relay.py PORT` is the other end. Textual's Windows driver does all
the rest.
"""

import os
import select
import socket
import sys
import threading


class Output:
    """Standard output: a console to all who ask, and written to the relay."""

    encoding, errors, newlines, line_buffering, name, mode, closed = (
        "utf-8",
        "replace",
        None,
        True,
        "<stdout>",
        "w",
        False,
    )

    def __init__(self, real, relay):
        self.fileno, self.isatty, self.relay = real.fileno, real.isatty, relay

    def write(self, text):
        self.relay.sendall(text.replace("\n", "\r\n").encode("utf-8", "replace"))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def writable(self):
        return True

    readable = seekable = lambda self: False
    close = flush


def feed(relay):
    """Key by key into the console's input."""
    import codecs
    import ctypes
    from ctypes import wintypes

    class Key(ctypes.Structure):
        _fields_ = [
            ("down", wintypes.BOOL),
            ("repeat", wintypes.WORD),
            ("virtual", wintypes.WORD),
            ("scan", wintypes.WORD),
            ("letter", ctypes.c_ushort),
            ("state", wintypes.DWORD),
        ]

    class Record(ctypes.Structure):
        _fields_ = [("kind", wintypes.WORD), ("padding", wintypes.WORD), ("key", Key)]

    kernel = ctypes.WinDLL("kernel32")
    kernel.GetStdHandle.restype = wintypes.HANDLE
    kernel.WriteConsoleInputW.argtypes = [wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p]
    console, decoder = kernel.GetStdHandle(-10 & 0xFFFFFFFF), codecs.getincrementaldecoder("utf-8")("replace")
    while content := relay.recv(65536):
        units = decoder.decode(content).encode("utf-16-le", "surrogatepass")
        letters = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
        for begin in range(0, len(letters), 512):
            some = letters[begin : begin + 512]
            records = (Record * len(some))()
            for record, letter in zip(records, some):
                record.kind, record.key.down, record.key.repeat, record.key.letter = 1, 1, 1, letter
                record.key.virtual = 13 if letter == 13 else 0
            kernel.WriteConsoleInputW(console, records, len(some), ctypes.byref(wintypes.DWORD()))


def join(port):
    relay = socket.create_connection(("127.0.0.1", port))
    sys.stdout = sys.__stdout__ = Output(sys.__stdout__, relay)
    threading.Thread(target=feed, args=(relay,), daemon=True).start()


def main(port):
    import termios
    import tty

    kept = termios.tcgetattr(0)
    try:
        with socket.create_server(("127.0.0.1", port)) as server:
            relay, _ = server.accept()
        tty.setraw(0)
        while True:
            ready, _, _ = select.select([0, relay], [], [])
            if 0 in ready:
                relay.sendall(os.read(0, 65536))
            if relay in ready:
                content = relay.recv(65536)
                if not content:
                    return
                while content:
                    content = content[os.write(1, content) :]
    except ConnectionResetError:
        pass
    finally:
        termios.tcsetattr(0, termios.TCSANOW, kept)


if os.environ.get("WIZARD_RELAY"):
    join(int(os.environ["WIZARD_RELAY"]))
elif __name__ == "__main__" and sys.argv[1:]:
    main(int(sys.argv[1]))
