"""How the benches of enishi.lab.fleet are run: their classes come from `./test` or `mvn -q test-compile`, the libraries
from dist/, the driver of PostgreSQL from Maven's repository."""
import glob
import os
import subprocess

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", ".."))
JAVA = os.path.join(os.environ.get("JAVA_HOME", "/usr"), "bin", "java")


def run(java, heap_mib, main, *arguments):
    """Returns the exit code."""
    driver = glob.glob(os.path.expanduser("~/.m2/repository/org/postgresql/postgresql/*/*.jar"))
    classes = ":".join([f"{ROOT}/lab/target/test-classes", f"{ROOT}/dist/server/*", *sorted(driver)[-1:]])
    return subprocess.run(
        [java, "-XX:+UseSerialGC", f"-Xmx{heap_mib}m", "--enable-native-access=ALL-UNNAMED", "-cp", classes,
         f"enishi.lab.fleet.{main}", *map(str, arguments)], check=False).returncode
