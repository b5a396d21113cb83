#!/usr/bin/env bash
# Runs everything in the R package's shim (exercise.R) under valgrind, and built with AddressSanitizer
# and UBSan: no error, no definite leak. Ends with "N passed, N failed".
#
# CONNECTJOBS_LIBRARY: the library (default: this checkout's).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export CONNECTJOBS_LIBRARY=${CONNECTJOBS_LIBRARY:-$root/.build/release/libconnectjobs.so}
. "$root/Tests/support/server.sh"
. "$root/Tests/c/check.sh"

sanitize="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
warnings="-Wall -Wextra -Werror -Wno-cast-function-type" # R's table of routines needs that cast
cat >"$work/Makevars" <<END
CFLAGS = -g -O1 -fno-omit-frame-pointer $sanitize $warnings
LDFLAGS = $sanitize
END

# install NAME [VARIABLE=VALUE]: a copy of the package of its own, so that objects are not mixed.
install() {
  mkdir -p "$work/$1/bindings" "$work/$1/library"
  cp -r "$root/include" "$work/$1/include"
  cp -r "$root/bindings/r" "$work/$1/bindings/r"
  rm -f "$work/$1"/bindings/r/src/*.o "$work/$1"/bindings/r/src/*.so
  env "${2:-A=}" R CMD INSTALL --no-test-load --no-docs --library="$work/$1/library" \
    "$work/$1/bindings/r"
}

under_valgrind() {
  R_LIBS=$work/plain/library timeout 600 R --vanilla --no-echo -d "valgrind --quiet \
    --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
    --num-callers=30 --log-file=$work/valgrind" -f "$here/exercise.R" --args "$address" \
    >"$work/output" 2>&1
  cat "$work/output" "$work/valgrind"
  grep -q '^exercised$' "$work/output" && [ -e "$work/valgrind" ] && [ ! -s "$work/valgrind" ]
}

# R's own leaks at its end are not looked at: valgrind has looked at ours.
under_sanitizers() {
  preload=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)
  R_LIBS=$work/sanitized/library ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD=$preload \
    timeout 600 Rscript "$here/exercise.R" "$address" >"$work/output" 2>&1
  status=$?
  cat "$work/output"
  [ "$status" -eq 0 ] && grep -q '^exercised$' "$work/output"
}

start_server python3 "$root/bindings/r/tests/testthat/canned.py" || exit 1
check "the package is built" install plain
check "the shim under valgrind: no error, no definite leak" under_valgrind
check "the package is built with sanitizers and all warnings" install sanitized \
  R_MAKEVARS_USER="$work/Makevars"
check "the shim under AddressSanitizer and UBSan" under_sanitizers
finish_checks
