# Sourced: find_jdk prints the folder of a JDK of at least version 25, or says on stderr what was tried and fails.
find_jdk() {
  local candidate tried=() on_path=""
  on_path=$(command -v javac || true)
  for candidate in "${JAVA_HOME:-}" "${on_path:+$(dirname "$(dirname "$(readlink -f "$on_path")")")}" \
    /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /opt/*jdk* /usr/local/*jdk*; do
    [ -x "$candidate/bin/javac" ] || continue
    tried+=("$candidate")
    if [ "$("$candidate/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')" -ge 25 ] 2>/dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  echo "enishi: a JDK of version 25 or later is needed, and none was found (tried: ${tried[*]:-nothing});" \
    "install one (Temurin 25, or your distribution's openjdk-25-jdk) or set JAVA_HOME to it" >&2
  return 1
}
