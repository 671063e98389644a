#!/usr/bin/env bash
# Installs what `npm run test:real` needs beside Node and git: Debian packages where a program is missing, then the
# programs that are built from Go modules. Does nothing where all of it is there; fails and says so where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."

# One line each: the program that tests look for, and the Debian package that brings it.
parts="
chromium chromium
gcc build-essential
gpg gnupg
lua5.1 lua5.1
ssh-keygen openssh-client
sshd openssh-server
"

missing=()
while read -r program package; do
  [ -z "$program" ] || PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null || missing+=("$package")
done <<<"$parts"

if [ "${#missing[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "These are missing, and there is no apt-get to install them: ${missing[*]}" >&2; exit 1; }
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

PATH="$PWD/node_modules/.bin:$PATH" node scripts/build-real-parts.ts
