# Sourced: which Debian packages the tests lack, and how root gets them without a service being started.

# Packages that no test runs without.
lacking_to_build() {
  command -v mvn >/dev/null || echo maven
}

# Packages of the tests tagged openssl.
lacking_for_openssl() {
  command -v openssl >/dev/null || echo openssl
}

# Packages of the tests tagged root.
lacking_for_root() {
  local sbin=$PATH:/usr/sbin:/sbin
  PATH=$sbin command -v ip >/dev/null || echo iproute2
  PATH=$sbin command -v nft >/dev/null || echo nftables
  PATH=$sbin command -v nginx >/dev/null || echo nginx-light
  [ -x /usr/bin/python3 ] || echo python3
  command -v wrk >/dev/null || echo wrk
  PATH=$sbin command -v haproxy >/dev/null || echo haproxy
  command -v redis-server >/dev/null || echo redis-server
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  command -v memcached >/dev/null || echo memcached
  PATH=$sbin command -v unbound >/dev/null || echo unbound
  command -v strace >/dev/null || echo strace
  command -v patch >/dev/null || echo patch
  command -v clang >/dev/null || echo clang
  PATH=$sbin command -v bpftool >/dev/null || echo bpftool
  [ -e /usr/include/bpf/bpf_helpers.h ] || echo libbpf-dev
}

# Installs packages. Meanwhile a policy-rc.d (invoke-rc.d(8)) forbids their scripts to start anything; what it replaces
# comes back. What was switched on for the next boot is switched off again.
install_packages() {
  local policy=/usr/sbin/policy-rc.d unit result=0
  [ ! -e $policy ] || mv $policy $policy.before-enishi
  trap put_policy_back EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
  apt-get update -qq >/dev/null 2>&1 || echo "test: apt-get update failed; trying with the lists at hand" >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >target/install.log 2>&1 || result=1
  put_policy_back
  trap - EXIT INT TERM
  for unit in nginx haproxy redis-server postgresql memcached unbound; do
    case " $* " in *" $unit"*) systemctl disable $unit >/dev/null 2>&1 || true ;; esac
  done
  if [ $result != 0 ]; then
    echo "test: installing $* failed; target/install.log says why; install them yourself, or run as an ordinary user" >&2
  fi
  return $result
}

# Unpacks, beside the build, what root's tests run but nobody may install for them: it would take the place of the
# machine's own log or time daemon. With the libraries that are not on every machine.
unpack_for_root() {
  local into=$PWD/target/unpacked deb
  [ ! -x "$into/usr/sbin/rsyslogd" ] || [ ! -x "$into/usr/sbin/chronyd" ] || return 0
  mkdir -p "$into/packages"
  if ! (cd "$into/packages" && apt-get -qq -o APT::Sandbox::User=root download rsyslog chrony libestr0 libfastjson4 \
      liblognorm5 libtomcrypt1 libtommath1 libedit2 libseccomp2 libnettle8 libgnutls30) >>target/install.log 2>&1; then
    echo "test: fetching rsyslog and chrony failed; target/install.log says why" >&2
    return 1
  fi
  for deb in "$into"/packages/*.deb; do dpkg -x "$deb" "$into" || return 1; done
}

put_policy_back() {
  rm -f /usr/sbin/policy-rc.d
  [ ! -e /usr/sbin/policy-rc.d.before-enishi ] || mv /usr/sbin/policy-rc.d.before-enishi /usr/sbin/policy-rc.d
}
