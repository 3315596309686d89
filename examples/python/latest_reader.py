"""Prints the newest prices of LatestPrices.java or latest_prices.c. Nothing but Python's own library.

    python3 latest_reader.py [NAME [NUMBER]]

Table is a reader of any table of latest values, as src/docs/latest.md describes it. It only reads: it sets no bit and
has no event, so it looks for newer values every few milliseconds. On Linux it maps /dev/shm/NAME.latest, and on Windows
it opens the section NAME.latest.

The order of the accesses. A reader has to read the latest word, the sequence, the bytes and the sequence again in this
order. Python reads a memoryview("Q")[i] by one access of 8 bytes, and bytes(view) by memcpy; each is a call within the
interpreter, which no compiler moves across another one. An x86 processor does not change the order of reads, so that
this is enough there. An ARM processor may change it, and nothing in Python forbids it that. There fence() has to do it, by
a call of the system's; it was not tested on an ARM machine.
"""

import ctypes
import mmap
import os
import platform
import struct
import sys
import time

MAGIC = struct.pack("=6sH", b"SRLast", 1)

# In words of 8 bytes.
COUNT, SIZE, SLOTS, SCHEMA, OWNER, NEWEST, FIRST_VALUE = 1, 2, 3, 4, 8, 16, 24
LINE = 8

# What no table has more of.
MOST_VALUES, LARGEST_SIZE, MOST_SLOTS = 2**31 - 1, 2**30 - 64, 255

# A read that starts over so often is of a table that another program has overwritten.
MOST_TRIES = 100_000


class Corrupt(Exception):
    """Another program has overwritten the table."""


def _fence_of_this_machine():
    if platform.machine().lower() in ("x86_64", "amd64"):
        return lambda: None
    if os.name == "nt":
        return ctypes.windll.kernel32.FlushProcessWriteBuffers
    fence = ctypes.CDLL("libatomic.so.1").atomic_thread_fence
    return lambda: fence(5)  # memory_order_seq_cst


fence = _fence_of_this_machine()


def _map_linux(name):
    """Maps the whole file, which stays in memory when its name is gone."""
    for prefix in ("Local\\", "Global\\"):
        name = name[len(prefix) :] if name.startswith(prefix) else name
    fd = os.open("/dev/shm/" + name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if os.fstat(fd).st_size == 0:
            raise FileNotFoundError(name + " has no size yet")
        return memoryview(mmap.mmap(fd, 0, mmap.MAP_SHARED, mmap.PROT_READ))
    finally:
        os.close(fd)


def _map_windows(name):
    """Maps the whole section. mmap.mmap(-1, size, name) would create a section that does not exist."""
    kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel32.OpenFileMappingW.restype = ctypes.c_void_p
    kernel32.MapViewOfFile.restype = ctypes.c_void_p
    kernel32.MapViewOfFile.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_size_t]
    kernel32.CloseHandle.argtypes = [ctypes.c_void_p]
    kernel32.VirtualQuery.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    file_map_read = 4
    section = kernel32.OpenFileMappingW(file_map_read, False, ctypes.c_wchar_p(name))
    address = section and kernel32.MapViewOfFile(section, file_map_read, 0, 0, 0)
    code = ctypes.get_last_error()
    if section:
        kernel32.CloseHandle(section)  # the view keeps the section
    if not address:
        raise FileNotFoundError(name) if code == 2 else ctypes.WinError(code)
    # MEMORY_BASIC_INFORMATION: the fourth of its words of 8 bytes is the size.
    information = (ctypes.c_uint64 * 6)()
    kernel32.VirtualQuery(address, information, ctypes.sizeof(information))
    return memoryview((ctypes.c_ubyte * information[3]).from_address(address)).cast("B")


class Table:
    """A reader of the table of this name. Raises FileNotFoundError if there is none, or its creator has not finished."""

    def __init__(self, name):
        self._bytes = (_map_windows if os.name == "nt" else _map_linux)(name + ".latest")
        if len(self._bytes) < FIRST_VALUE * 8:
            raise ValueError(f'"{name}" is no table')
        self._words = self._bytes[: len(self._bytes) // 8 * 8].cast("Q")
        if self._words[0] == 0:
            raise FileNotFoundError(f'the creator of "{name}" has not finished it yet')
        if bytes(self._bytes[:6]) != MAGIC[:6]:
            raise ValueError(f'"{name}" is no table')
        if bytes(self._bytes[:8]) != MAGIC:
            raise ValueError(f'"{name}" is a table of another version of the library')
        fence()
        self.count, self.size, self.slots, self.schema = (self._words[i] for i in (COUNT, SIZE, SLOTS, SCHEMA))
        if not (1 <= self.count <= MOST_VALUES and 1 <= self.size <= LARGEST_SIZE and 2 <= self.slots <= MOST_SLOTS):
            raise Corrupt(name)
        self._slot_words = LINE + (self.size + 63) // 64 * LINE
        self._value_words = LINE + self.slots * self._slot_words
        if FIRST_VALUE + self.count * self._value_words > len(self._words):
            raise Corrupt(name)

    def version(self):
        """The version of the last write to the table; 0 if there was none."""
        return self._words[NEWEST]

    def read(self, index):
        """The version and the bytes of a value, all of one write; (0, None) if it was never set."""
        if not 0 <= index < self.count:
            raise IndexError(index)
        words = self._words
        value = FIRST_VALUE + index * self._value_words
        for _ in range(MOST_TRIES):
            latest = words[value]
            if latest == 0:
                return 0, None
            version, slot = latest >> 8, latest & 0xFF
            if slot >= self.slots:
                raise Corrupt
            at = value + LINE + slot * self._slot_words
            fence()
            if words[at] != 2 * version:
                continue
            fence()
            copy = bytes(self._bytes[(at + LINE) * 8 : (at + LINE) * 8 + self.size])
            fence()
            if words[at] == 2 * version:
                return version, copy
        raise Corrupt

    def await_newer(self, version, seconds):
        """Waits until the table has a version above this one. Returns False if the time is over before."""
        deadline = time.monotonic() + seconds
        pause = 0.001
        while self.version() <= version:
            if time.monotonic() > deadline:
                return False
            time.sleep(pause)
            pause = min(2 * pause, 0.008)
        return True


def open_table(name, seconds):
    """Opens a table, and waits so long for its writer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return Table(name)
        except FileNotFoundError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def main(name="prices", number=sys.maxsize):
    table = open_table(name, 30)
    value = struct.Struct("=16sdq")
    if table.size != value.size:
        sys.exit(f'The table "{name}" has values of {table.size} bytes, which are no prices.')
    printed = [0] * table.count
    seen = 0
    left = int(number)
    while left > 0:
        if not table.await_newer(seen, 30):
            print("No new price for 30 seconds.")
            return
        seen = table.version()
        for index in range(table.count):
            version, copy = table.read(index)
            if version > printed[index] and left > 0:
                symbol, price, _ = value.unpack(copy)
                print(f"{symbol.rstrip(bytes(1)).decode()} {price:.4f} (version {version})", flush=True)
                printed[index] = version
                left -= 1


if __name__ == "__main__":
    main(*sys.argv[1:3])
