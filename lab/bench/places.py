"""Where a bench's processes run: in a cgroup, which says what CPU they took and ends them all, and in a network."""
import glob
import os
import subprocess
import sys
import time

from figures import cgroup2
from fleet import WITH_US

PATIENCE_SECONDS = 60


def awaited(what, condition):
    """Waits, within a limit."""
    end_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end_at:
            sys.exit(f"waited in vain for {what}")
        time.sleep(0.02)


def clean_left():
    """Removes the cgroups of benches that were killed; what ran in them has ended with them."""
    for folder in glob.glob(f"{cgroup2()}/enishi-bench-*"):
        if not os.path.exists(f"/proc/{folder.split('-')[-2]}"):
            os.rmdir(folder)


class Network:
    """A network namespace with nothing but loopback: with it goes what TCP remembers of connections that are closed."""

    def __enter__(self):
        self.holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "up\n":
            sys.exit("no network namespace could be made")
        self.prefix = ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net"]
        return self

    def __exit__(self, *raised):
        self.holder.communicate()


class Place:
    """A cgroup; what runs in it ends with the block, or with us if we are killed."""

    def __init__(self, name, network=None, cpu=None):
        self.folder = os.path.join(cgroup2(), f"enishi-bench-{os.getpid()}-{name}")
        self.prefix = [*WITH_US, "sh", "-c", 'echo $$ >"$0" && exec "$@"', f"{self.folder}/cgroup.procs",
                       *(network.prefix if network else []),
                       *(["taskset", "--cpu-list", str(cpu)] if cpu is not None else [])]

    def __enter__(self):
        os.mkdir(self.folder)
        return self

    def start(self, command, **how):
        return subprocess.Popen([*self.prefix, *command], **how)

    def cpu(self):
        """Seconds, of those that have ended as well."""
        with open(f"{self.folder}/cpu.stat") as figures:
            return next(int(line.split()[1]) for line in figures if line.startswith("usage_usec")) / 1e6

    def _is_empty(self):
        with open(f"{self.folder}/cgroup.procs") as processes:
            return not processes.read()

    def __exit__(self, *raised):
        with open(f"{self.folder}/cgroup.kill", "w") as kill:
            kill.write("1")
        awaited(f"the end of what is in {self.folder}", self._is_empty)
        os.rmdir(self.folder)
