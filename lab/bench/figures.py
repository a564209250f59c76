"""What benches of watching share: medians within rounds, programs in C, and the kernel's account of programs in it."""
import contextlib
import json
import math
import os
import statistics
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", ".."))
STATISTICS = "/proc/sys/kernel/bpf_stats_enabled"


def median_within(values):
    """The median, between the bounds that hold it in 19 of 20 runs, by order statistics; of few values their ends."""
    ordered = sorted(values)
    reach = 0.98 * math.sqrt(len(ordered))
    low = max(0, math.floor(len(ordered) / 2 - reach))
    high = min(len(ordered) - 1, math.ceil(len(ordered) / 2 + reach))
    return ordered[low], statistics.median(ordered), ordered[high]


def compiled(name, folder):
    """A program of lab/src/test/programs. Returns its file."""
    program = os.path.join(folder, name)
    subprocess.run(["clang", "-O2", "-o", program, f"{ROOT}/lab/src/test/programs/{name}.c"], check=True)
    return program


def cgroup2():
    """Where cgroups of version 2 are mounted."""
    with open("/proc/self/mountinfo") as mounts:
        for line in mounts:
            words = line.split()
            if words[words.index("-") + 1] == "cgroup2":
                return words[4]
    sys.exit("no cgroup2 is mounted")


def attached():
    """Enishi's programs in the kernel, as bpftool shows each."""
    shown = subprocess.run(["bpftool", "prog", "show", "-j"], check=True, stdout=subprocess.PIPE).stdout
    return [each for each in json.loads(shown) if each.get("name", "").startswith("enishi_")]


@contextlib.contextmanager
def run_times():
    """While the kernel counts and times the runs of programs, which costs each run some 50 ns."""
    with open(STATISTICS) as setting:
        was = setting.read()
    try:
        with open(STATISTICS, "w") as setting:
            setting.write("1")
        yield
    finally:
        with open(STATISTICS, "w") as setting:
            setting.write(was)
