#!/usr/bin/env bash
# Measures the library against curl and other clients, prints a table of the goals, and keeps it in
# RESULTS.md beside this file. Everything is made below .build/benchmarks; traffic is on loopback.
#
#   Tests/benchmarks/run.sh              everything; about five minutes
#   Tests/benchmarks/run.sh tail dlopen  only the goals with one of these words; nothing is kept
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
here=$root/Tests/benchmarks
build=$root/.build/benchmarks
. Tests/support/packages.sh

# shellcheck disable=SC2086  # a list of packages
need_packages $build_packages python3 python3-venv curl nginx-light libsimdjson-dev r-base-core \
  r-cran-httr r-cran-jsonlite

if [ -z "${CONNECTJOBS_LIBRARY:-}" ]; then
  swift build -c release --product connectjobs
  CONNECTJOBS_LIBRARY=$root/.build/release/libconnectjobs.so
fi
export CONNECTJOBS_LIBRARY

venv=$root/.build/bench-venv
if ! "$venv/bin/python" -c 'import requests, orjson, pandas, pyarrow, polars, duckdb, posit' \
  2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet requests orjson pandas pyarrow polars duckdb posit-sdk
fi

run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
mkdir -p "$build/programs" "$build/r-library"
[ -d "$build/data" ] || python3 "$here/data.py" "$build/data"

library_folder=$(dirname "$CONNECTJOBS_LIBRARY")
for program in tail arrivals; do
  gcc -O2 -Iinclude "$here/programs/$program.c" -o "$build/programs/$program" \
    -L"$library_folder" -lconnectjobs -Wl,-rpath,"$library_folder"
done
gcc -O2 "$here/programs/load.c" -o "$build/programs/load"
g++ -O3 -std=c++17 "$here/programs/tail_simdjson.cpp" -o "$build/programs/tail_simdjson" \
  -lcurl -lsimdjson

# A copy, so that the package's own folder stays as it is.
mkdir "$run/bindings"
cp -r bindings/r "$run/bindings/r"
cp -r include "$run/include"
rm -f "$run"/bindings/r/src/*.o "$run"/bindings/r/src/*.so
if ! R CMD INSTALL --no-test-load --library="$build/r-library" "$run/bindings/r" \
  >"$run/r-install" 2>&1; then
  cat "$run/r-install"
fi

export R_LIBS=$build/r-library PYTHONPATH=$root/bindings/python/src
"$venv/bin/python" "$here/compare.py" "$build/data" "$run" "$build/programs" \
  "$CONNECTJOBS_LIBRARY" "$@"
