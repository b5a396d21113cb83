#!/usr/bin/env bash
# Builds connectjobs and tells one story three times, in C, Python and R: jobs of a local Connect
# are found, listed, followed live, killed, downloaded and explained.
#
# Needs Debian 12, Swift 6.3, and root or sudo. A second run only tells the story.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
# The jobs write UTF-8; a terminal without a locale is taken to show it.
export LC_ALL="${LC_ALL:-${LANG:-C.UTF-8}}"
work=$(mktemp -d)
sandbox=""

stop_sandbox() {
  [ -n "$sandbox" ] || return 0
  kill -TERM "$sandbox" 2>/dev/null || true
  wait "$sandbox" 2>/dev/null || true
  sandbox=""
}

clean_up() {
  stop_sandbox
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# A fresh Connect for each telling: the story kills a job.
start_sandbox() {
  stop_sandbox
  : >"$work/sandbox.out"
  .build/release/connect-sandbox --port 0 --api-key quickstart-key --content examples/content \
    >"$work/sandbox.out" 2>"$work/sandbox.err" &
  sandbox=$!
  for _ in $(seq 100); do
    grep -q 'listening on' "$work/sandbox.out" && break
    if ! kill -0 "$sandbox" 2>/dev/null; then
      cat "$work/sandbox.err" >&2
      exit 1
    fi
    sleep 0.1
  done
  CONNECT_SERVER=$(sed -n 's/.*listening on //p' "$work/sandbox.out")
  export CONNECT_SERVER CONNECT_API_KEY=quickstart-key
}

say "1  What is needed"
. Tests/support/packages.sh
# shellcheck disable=SC2086
need_packages $build_packages git python3 r-base-core
echo "All packages are there."

say "2  Building the library and the sandbox (the first time takes some minutes)"
swift build -c release --product connectjobs
swift build -c release --product connect-sandbox
export CONNECTJOBS_LIBRARY="$here/.build/release/libconnectjobs.so"
export LD_LIBRARY_PATH="$here/.build/release${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

say "3  The story in C (examples/story.c)"
gcc -std=c99 -D_GNU_SOURCE -Wall -Iinclude examples/story.c -L.build/release -lconnectjobs \
  -o "$work/story"
start_sandbox
"$work/story"

say "4  The story in Python (examples/story.py)"
start_sandbox
PYTHONPATH=bindings/python/src python3 examples/story.py

say "5  The story in R (examples/story.R)"
mkdir -p .build/r-library
if [ ! -e .build/r-library/.installed ] ||
  [ -n "$(find bindings/r include .build/release/libconnectjobs.so -newer .build/r-library/.installed -print -quit)" ]; then
  R CMD INSTALL --no-test-load --library=.build/r-library bindings/r >"$work/r.log" 2>&1 ||
    { cat "$work/r.log" >&2; exit 1; }
  touch .build/r-library/.installed
fi
start_sandbox
R_LIBS="$here/.build/r-library" Rscript examples/story.R

say "Now your own server"
cat <<END
  export CONNECT_SERVER=https://connect.example.com
  export CONNECT_API_KEY=...            # in Connect, under your name: API Keys
  export CONNECTJOBS_LIBRARY="$CONNECTJOBS_LIBRARY"
  PYTHONPATH=bindings/python/src python3 examples/story.py REPORT APP SHELL
  R_LIBS=.build/r-library Rscript examples/story.R REPORT APP SHELL
REPORT, APP and SHELL are the names of three content items of yours, each with a job.
Mind: the story kills the first job of APP.
END
