#!/bin/sh
# Posit's own client against the sandbox. Makes a virtual environment (kept in .build, so that a
# second run is quick), starts the sandbox on a free port, runs the tests, stops it.
#
#   Tests/posit/run.sh [pytest's arguments]
#
# CONNECT_SANDBOX names the program, where it is not the one that swift build made.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
program=${CONNECT_SANDBOX:-$root/.build/release/connect-sandbox}
venv=${POSIT_VENV:-$root/.build/posit-venv}

if ! "$venv/bin/python" -c 'import posit.connect, pytest' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet 'posit-sdk==0.17.0' pytest
fi

said=$(mktemp)
"$program" --port 0 --api-key posit --content "$here/content" >"$said" &
sandbox=$!
trap 'kill "$sandbox" 2>/dev/null; wait "$sandbox" 2>/dev/null || :; rm -f "$said"' EXIT
trap 'exit 130' INT TERM

tries=0
until grep -q listening "$said"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 "$sandbox" 2>/dev/null; then
    echo "The sandbox did not start." >&2
    exit 1
  fi
  sleep 0.1
done

CONNECT_SERVER=$(sed -n 's/.*listening on //p' "$said")
CONNECT_API_KEY=posit
export CONNECT_SERVER CONNECT_API_KEY
"$venv/bin/python" -m pytest -q -p no:cacheprovider "$here" "$@"
