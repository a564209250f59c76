# shellcheck shell=bash
# Sourced: find_jdk prints the folder of a JDK of at least version 25, or says on stderr what was tried and fails.
# ENISHI_JDKS may list the folders to look at, separated by colons, instead of the usual places.

# Sets version to that of the JDK in a folder. Its release file says it without starting a JVM; not every JDK has one.
jdk_version() {
  local line
  version=""
  [ -x "$1/bin/javac" ] || return 1
  if [ "$2" = by_asking ]; then
    version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  elif [ -r "$1/release" ]; then
    while IFS= read -r line; do
      if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then version=${BASH_REMATCH[1]}; fi
    done <"$1/release"
  fi
  [ -n "$version" ]
}

find_jdk() {
  local candidate how places tried=() on_path version
  if [ -n "${ENISHI_JDKS:-}" ]; then
    IFS=: read -r -a places <<<"$ENISHI_JDKS"
  else
    places=("${JAVA_HOME:-}")
    if on_path=$(command -v javac); then
      on_path=$(readlink -f "$on_path")
      places+=("${on_path%/bin/javac}")
    fi
    places+=(/usr/lib/jvm/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* /opt/*jdk* /usr/local/*jdk*)
  fi
  for how in by_reading by_asking; do
    for candidate in "${places[@]}"; do
      [[ "${tried[*]:-}" != *"$candidate is "* ]] || continue
      jdk_version "$candidate" "$how" || continue
      if [ "$version" -ge 25 ]; then
        echo "$candidate"
        return 0
      fi
      tried+=("$candidate is $version")
    done
  done
  local found="none was found"
  if [ ${#tried[@]} -gt 0 ]; then
    printf -v found '%s, ' "${tried[@]}"
    found=${found%, }
  fi
  echo "enishi: a JDK of version 25 or later is needed ($found); install one (Temurin 25, or your distribution's" \
    "openjdk-25-jdk) or set JAVA_HOME to it" >&2
  return 1
}
