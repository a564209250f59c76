"""Many real TCP sockets on loopback, held open by processes of their own."""
import os
import subprocess
import sys

HOLD = os.path.join(os.path.dirname(os.path.realpath(__file__)), "hold")
PER_HOLDER = 4_000  # connections, each two sockets: well within any limit of open files


class Held:
    """So many sockets, open while the block lasts, by commands behind a prefix such as that of a namespace."""

    def __init__(self, sockets, prefix=()):
        self.sockets = sockets
        self.prefix = prefix
        self.holders = []

    def __enter__(self):
        left = self.sockets // 2
        while left > 0:
            some = min(left, PER_HOLDER)
            address = f"127.0.{len(self.holders) + 1}.1"
            self.holders.append(subprocess.Popen([*self.prefix, HOLD, str(some), address],
                                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            left -= some
        for holder in self.holders:
            if not holder.stdout.readline().startswith("held"):
                self.__exit__()
                sys.exit("a holder of sockets failed; is the limit of open files below 8,100?")
        return self

    def __exit__(self, *raised):
        for holder in self.holders:
            holder.stdin.close()
        for holder in self.holders:
            holder.wait()
