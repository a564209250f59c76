"""What is watched: loads that wait for each answer before they ask again, each in a network of its own."""
import contextlib
import json
import os
import subprocess
import sys

from places import Place, awaited
from sockets import Held

CPU = max(os.sched_getaffinity(0))  # client and server share it: the steadier turn, and the cheaper one
FIRST_TURNS = 5_000
NGINX = """daemon off; worker_processes 1; pid %(folder)s/pid; error_log %(folder)s/error.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path %(folder)s/body;
server { listen 127.0.0.1:8080; location / { return 200 "here\\n"; } } }
"""
# wrk(1) tells of microseconds
WRK = """done = function(all, latency)
  local bad = all.errors
  io.write(string.format('{"turns":%d,"wall":%f,"p50":%f,"p99":%f,"failed":%d}\\n', all.requests, all.duration / 1e6,
    latency:percentile(50), latency:percentile(99), bad.connect + bad.read + bad.write + bad.status + bad.timeout))
end
"""


class Turns:
    """Turns of lab/src/test/programs/turns.c, each time as many as took so long in the beginning."""

    ends = "turns-client", "turns-server"

    def __init__(self, what, program, mode, idle=0):
        self.what = what
        self.command = [program, mode]
        self.idle = idle
        self.connects = mode == "short"
        self.turns_per_second = None
        self.made = 0

    @contextlib.contextmanager
    def within(self, network):
        with Held(2 * self.idle, network.prefix), Place("load", network, CPU) as place:
            self.process = place.start(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if not self.turns_per_second:
                self.turns_per_second = FIRST_TURNS / self._turn(FIRST_TURNS)["wall"]
            self.made = 0
            yield

    def take(self, seconds):
        """Turns, CPU seconds of client and server, seconds, and p50 and p99 in microseconds."""
        return self._turn(max(100, int(seconds * self.turns_per_second)))

    def _turn(self, count):
        self.made += count
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(self.command)} failed")
        return json.loads(line)

    def told(self, opened, named, sockets):
        """Which part of the connections was told, and with the names of both ends; where that says something."""
        if self.idle:
            return {"open": sockets / 2 / self.idle}
        return {"opened": opened / self.made, "named": named / self.made} if self.connects else {}


class Nginx:
    """nginx, one worker, asked by wrk over 16 connections at a time, for whole seconds."""

    ends = "wrk", "nginx"

    def __init__(self, what, folder, *more):
        self.what = what
        self.folder = folder
        self.more = more

    @contextlib.contextmanager
    def within(self, network):
        self.made = 0
        for name, text in (("nginx.conf", NGINX % {"folder": self.folder}), ("wrk.lua", WRK)):
            with open(f"{self.folder}/{name}", "w") as file:
                file.write(text)
        with Place("load", network, CPU) as self.place:
            nginx = self.place.start(
                ["nginx", "-p", self.folder, "-e", f"{self.folder}/error.log", "-c", f"{self.folder}/nginx.conf"])
            awaited("nginx", lambda: os.path.exists(f"{self.folder}/pid"))
            yield
            nginx.terminate()
            nginx.wait()

    def take(self, seconds):
        before = self.place.cpu()
        asked = subprocess.run(
            [*self.place.prefix, "wrk", "--threads", "1", "--connections", "16", "--duration",
             str(max(1, round(seconds))), "--script", f"{self.folder}/wrk.lua", *self.more, "http://127.0.0.1:8080/"],
            stdout=subprocess.PIPE, text=True, check=True)
        done = json.loads(asked.stdout.splitlines()[-1])
        if done["failed"]:
            sys.exit(f"{done['failed']} requests to nginx failed")
        self.made += done["turns"]
        return {**done, "cpu": self.place.cpu() - before}

    def told(self, opened, named, sockets):
        return {"opened": opened / self.made, "named": named / self.made} if self.more else {}


def loads(turns, folder, idle):
    """By name; turns is the program."""
    return {
        "connect": Turns("TCP: connect, one byte, close", turns, "short"),
        "request": Turns("TCP: 32 bytes there and back on one connection", turns, "request"),
        "udp": Turns("UDP: a datagram there and back, both connected", turns, "connected"),
        "udp-unconnected": Turns("the same, neither connected", turns, "datagram"),
        "idle": Turns(f"as request, beside {idle:,} idle connections", turns, "request", idle),
        "nginx": Nginx("nginx and wrk, 16 connections kept", folder),
        "nginx-close": Nginx("nginx and wrk, a connection for each request", folder, "--header", "Connection: close"),
    }
