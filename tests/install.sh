#!/usr/bin/env bash
# Installs what cannot come from pip, through apt, where it is missing.
#
#   install.sh venv PYTHON   what `PYTHON -m venv` needs
#   install.sh tests         MariaDB, Chromium, nginx, Node.js, curl
#   install.sh image         buildah, mmdebstrap
#
# As root, or with sudo that asks no password, it installs; otherwise it says in one line what to
# install, and fails. No service is started by it.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

wanted=()

# need PROGRAM PACKAGE: the package is wanted if the program is not there.
need() {
  command -v "$1" >/dev/null 2>&1 || wanted+=("$2")
}

case ${1:-} in
  venv)
    if [ -z "${2:-}" ]; then
      command -v python3 >/dev/null 2>&1 || wanted+=(python3 python3-venv)
      if [ ${#wanted[@]} -eq 0 ]; then
        echo "需要 Python 3.11 或更新版本，现有的是 $(python3 --version)；可用 make PYTHON=/路径/python3.12 指定" >&2
        exit 1
      fi
    elif ! "$2" -c 'import ensurepip, venv' 2>/dev/null; then
      wanted+=("$("$2" -c 'import sys; print(f"python3.{sys.version_info.minor}-venv")')")
    fi
    ;;
  tests)
    need mariadbd mariadb-server
    need mariadb-install-db mariadb-server
    need chromium chromium
    need nginx nginx
    need node nodejs
    need curl curl
    ;;
  image)
    need buildah buildah
    need mmdebstrap mmdebstrap
    need unshare util-linux
    ;;
  *)
    echo "usage: $0 venv PYTHON | tests | image" >&2
    exit 2
    ;;
esac

[ ${#wanted[@]} -gt 0 ] || exit 0
mapfile -t wanted < <(printf '%s\n' "${wanted[@]}" | sort -u)

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null 2>&1 || ! "${as_root[@]}" true 2>/dev/null; then
  echo "缺少 ${wanted[*]}，请先安装：sudo apt-get update && sudo apt-get install -y ${wanted[*]}" >&2
  exit 1
fi

# Debian asks this script before it starts a service after installing it; 101 means no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

echo "安装 ${wanted[*]} …"
log=$(mktemp)
if ! { "${as_root[@]}" apt-get update &&
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${wanted[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  echo "安装 ${wanted[*]} 失败（完整输出在 $log）" >&2
  exit 1
fi
rm -f "$log"
