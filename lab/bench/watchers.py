"""Who watches: nobody, a real agent that reports to a real server, or a loop of ss as pollers run it."""
import collections
import contextlib
import glob
import json
import os
import subprocess

import fleet
from figures import attached
from places import PATIENCE_SECONDS, Place, awaited


class Nobody:
    """Watches nothing, and is what the others are: around a block, with what they took and told of it."""

    has_programs = False

    @contextlib.contextmanager
    def beside(self, network):
        yield

    def cpu(self):
        return 0

    def rss_mib(self):
        return None

    def told(self, client, server):
        return None


class Poller(Nobody):
    """`ss -tunap` and a second of rest, again and again."""

    @contextlib.contextmanager
    def beside(self, network):
        with Place("watcher", network) as self.place:
            self.place.start(["sh", "-c", "while ss -tunap; do sleep 1; done"], stdout=subprocess.DEVNULL)
            yield

    def cpu(self):
        return self.place.cpu()


class Agent(Nobody):
    """`enishi agent` on one rung, of the host and not of the load's network, as a user starts it."""

    def __init__(self, server, rung):
        self.server = server
        self.rung = rung
        self.has_programs = rung == "ebpf"
        self.log = os.path.join(server.folder, "agent.log")

    @contextlib.contextmanager
    def beside(self, network):
        self.before = self._opened()
        with Place("watcher") as self.place, open(self.log, "w") as log:
            process = self.place.start(
                [*fleet.ENISHI, "agent", "--home", self.server.folder, "--rung", self.rung], stdout=log, stderr=log)
            awaited(f"an agent; see {self.log}", self._watches)
            with open(os.path.join(self.server.folder, "agent.lock")) as lock:
                self.pid = int(lock.read())
            yield
            self.sockets = self._sockets()
            process.terminate()
            process.wait(PATIENCE_SECONDS)

    def _watches(self):
        with open(self.log) as log:
            return "watching host" in log.read()

    def _sockets(self):
        account = subprocess.run([*fleet.ENISHI, "agent", "status", "--home", self.server.folder],
                                 stdout=subprocess.PIPE, text=True, check=True).stdout
        return next(int(line.split()[1]) for line in account.splitlines() if line.startswith("now "))

    def cpu(self):
        return self.place.cpu()

    def rss_mib(self):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def programs(self):
        """Nanoseconds and runs of each of its programs, since the kernel counts them."""
        own = set()
        for each in glob.glob(f"/proc/{self.pid}/fdinfo/*"):
            with contextlib.suppress(FileNotFoundError), open(each) as lines:
                own.update(int(line.split()[1]) for line in lines if line.startswith("prog_id:"))
        return {each["name"]: (each["run_time_ns"], each["run_cnt"])
                for each in attached() if each["id"] in own and each.get("run_cnt")}

    def _opened(self):
        """Connections told since the server began, by the programs at both ends."""
        opened = collections.Counter()
        for line in self.server.ask("export", since=fleet.when(self.server.began))[1].splitlines():
            each = json.loads(line)
            if "client" in each:
                opened[each["client"]["program"], each["server"]["program"]] += each["connections"]
        return opened

    def told(self, client, server):
        """Connections between two programs that this agent told, those with both names, and sockets in the end."""
        told = self._opened() - self.before
        opened = sum(count for ends, count in told.items() if ends[0] == client or ends[1] == server)
        return opened, told[client, server], self.sockets
