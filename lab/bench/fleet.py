"""How the benches of enishi.lab.fleet are run: their classes come from `./test` or `mvn -q test-compile`, the libraries
from dist/, the driver of PostgreSQL from Maven's repository."""
import calendar
import glob
import http.client
import json
import math
import os
import subprocess
import sys
import time
import urllib.parse

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", ".."))
SETTLED_SECONDS_MAX = 900
JDK = subprocess.run(["bash", "-c", f". {ROOT}/lab/find-jdk.sh && find_jdk"], stdout=subprocess.PIPE, text=True,
                     check=False).stdout.strip()
JAVA = os.path.join(JDK, "bin", "java")
ENISHI = [JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", f"-Denishi.dist={ROOT}/dist",
          "-cp", f"{ROOT}/dist/cli/*", "enishi.cli.Main"]  # as ./enishi starts a command, but builds nothing
WITH_US = ["setpriv", "--pdeathsig", "TERM"]  # before a command: it ends when we do, also if we are killed


def build(name):
    """Everything that is stale, for a command of this name."""
    log = f"{ROOT}/target/{name}.log"
    os.makedirs(f"{ROOT}/target", exist_ok=True)
    with open(log, "w") as out:
        built = subprocess.run(["mvn", "-B", "-ntp", "-q", "-DskipTests", "package"], cwd=ROOT, stdout=out, stderr=out,
                               env={**os.environ, "JAVA_HOME": JDK}, check=False)
    if built.returncode != 0:
        sys.exit(f"{name}: the build failed; {log} says why")


def when(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def command(java, heap_mib, main, *arguments):
    """What runs a program of enishi.lab.fleet."""
    driver = glob.glob(os.path.expanduser("~/.m2/repository/org/postgresql/postgresql/*/*.jar"))
    classes = ":".join([f"{ROOT}/lab/target/test-classes", f"{ROOT}/dist/server/*", *sorted(driver)[-1:]])
    return [java, "-XX:+UseSerialGC", f"-Xmx{heap_mib}m", "--enable-native-access=ALL-UNNAMED", "-cp", classes,
            f"enishi.lab.fleet.{main}", *map(str, arguments)]


def run(*what):
    """Returns the exit code."""
    return subprocess.run(command(*what), check=False).returncode


def history(folder, java, size, mix, reported):
    """Makes a state folder with whole hours folded and the last minutes reported. size: hosts, dependencies of each,
    days. Returns the bytes of its file without holes."""
    began, stored = time.time(), 0
    making = command(java, 2048, "FleetHistory", folder, *size, mix, reported)
    with subprocess.Popen([*WITH_US, *making], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("file without holes: "):
                stored = int(line.split()[3])
    if process.returncode != 0:
        sys.exit("no history was made")
    print(f"made in {time.time() - began:.0f} s", flush=True)
    return stored


def percentiles(times):
    """The median, p99 and the largest."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], ordered[-1]


class Refused(SystemExit):
    """A question was not answered; unless somebody expects that, the bench ends and says so."""


class Server:
    """`enishi server` on a state folder, behind a prefix such as taskset(1), asked with a viewer's token."""

    def __init__(self, folder, prefix=()):
        self.folder = folder
        self.log = open(os.path.join(folder, "server.log"), "w")
        url = os.path.join(folder, "server.url")
        if os.path.exists(url):
            os.remove(url)  # of a server that was killed
        self.began = time.time()
        self.process = subprocess.Popen([*prefix, *ENISHI, "server", "--home", folder, "--listen", "127.0.0.1:0"],
                                        stdout=self.log, stderr=self.log)
        while not os.path.exists(url):
            if self.process.poll() is not None or time.time() > self.began + 300:
                sys.exit(f"the server did not start; see {self.log.name}")
            time.sleep(0.05)
        with open(url) as file:
            self.url = urllib.parse.urlparse(file.read())
        with open(os.path.join(folder, "viewer.token")) as file:
            self.token = file.read().strip()
        self.connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=300)
        self.start_seconds = time.time() - self.began

    def ask(self, path, **parameters):
        """Milliseconds and the body."""
        return self._get(f"/api/v1/{path}", parameters)

    def metrics(self):
        """The server's own counters, without those that bear labels."""
        lines = self._get("/metrics", {})[1].decode().splitlines()
        return {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("enishi_server_")}

    def last_report(self):
        """Seconds since the epoch: what was made some time ago is asked as if it were then."""
        last = json.loads(self.ask("hosts", limit=1)[1])["items"][0]["last_report"]
        return calendar.timegm(time.strptime(last[:19], "%Y-%m-%dT%H:%M:%S"))

    def _get(self, path, parameters):
        began = time.perf_counter()
        self.connection.request("GET", f"{path}?{urllib.parse.urlencode(parameters)}",
                                headers={"Authorization": f"Bearer {self.token}"})
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise Refused(f"{path} {parameters}: {answer.status} {body[:500]}")
        return took, body

    def pid(self):
        """Of the server itself, which the command starts."""
        with open(os.path.join(self.folder, "server.lock")) as lock:
            return int(lock.read())

    def cpu(self):
        """Seconds."""
        with open(f"/proc/{self.pid()}/stat") as stat:
            return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def settle(self):
        """Waits until the server has read its last minutes again and sealed what is over. Returns how many seconds."""
        begun, before = time.time(), math.inf
        while time.time() < begun + SETTLED_SECONDS_MAX:
            spent = self.cpu()
            if 0 <= spent - before < 0.3:
                break
            before = spent
            time.sleep(3)
        return time.time() - begun

    def memory_mib(self):
        with open(f"/proc/{self.pid()}/status") as status:
            figures = dict(line.split(":", 1) for line in status)
        return int(figures["VmRSS"].split()[0]) / 1024, int(figures["VmHWM"].split()[0]) / 1024

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
