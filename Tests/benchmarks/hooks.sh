#!/usr/bin/env bash
# Measures what hooks cost, and prints a table beside the goals. About a minute, once the data of the
# other benchmarks is there. Nothing here fails for being slow.
#
#   Tests/benchmarks/hooks.sh
#
# CONNECTJOBS_LIBRARY: the library (default: a release build of this checkout).
# BENCHMARK_DATA: a folder with the data (default: .build/benchmarks/data, made where it is missing).
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
here=$root/Tests/benchmarks
build=$root/.build/benchmarks
data=${BENCHMARK_DATA:-$build/data}
. Tests/support/packages.sh

# shellcheck disable=SC2086  # a list of packages
need_packages $build_packages python3 nginx-light
if [ -z "${CONNECTJOBS_LIBRARY:-}" ]; then
  swift build -c release --product connectjobs
  CONNECTJOBS_LIBRARY=$root/.build/release/libconnectjobs.so
fi
export CONNECTJOBS_LIBRARY
[ -d "$data" ] || python3 "$here/data.py" "$data"

run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
mkdir -p "$build/programs"
library_folder=$(dirname "$CONNECTJOBS_LIBRARY")
gcc -O2 -D_GNU_SOURCE -Iinclude "$here/programs/hooks.c" -o "$build/programs/hooks" \
  -L"$library_folder" -lconnectjobs -Wl,-rpath,"$library_folder" -l:libffi_pic.a
PYTHONPATH=$root/bindings/python/src:$here python3 "$here/hooks.py" "$data" "$run" \
  "$build/programs/hooks"
