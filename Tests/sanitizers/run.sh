#!/usr/bin/env bash
# Cancels calls at random moments under AddressSanitizer and ThreadSanitizer, in a library that is built
# with each; ends with "N passed, N failed".
#
#   Tests/sanitizers/run.sh             1,000 cancellations under each
#   Tests/sanitizers/run.sh 200 address only so many, and only that one
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
rounds=${1:-1000}
shift
sanitizers=${*:-address thread}
work=$(mktemp -d)
server=""
finish() {
  exec 3>&-
  [ -z "$server" ] || wait "$server" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
. "$root/Tests/c/check.sh"

# In the places of SwiftPM, so that only what has changed is built again.
build() {
  swift build --package-path "$root" --scratch-path "$root/.build/sanitize-$1" --sanitize "$1" \
    --product connectjobs
}

# Where the Swift runtime is, with libdispatch, which ThreadSanitizer's own runtime wants.
runtime=$(swiftc -print-target-info |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["paths"]["runtimeLibraryPaths"][0])')

compile() {
  clang -fsanitize="$1" -g -O1 -Wall -Wextra -Werror -D_GNU_SOURCE -I"$root/include" "$here/cancel_randomly.c" \
    -o "$work/cancel-$1" -rdynamic -L"$root/.build/sanitize-$1/debug" -lconnectjobs -lpthread \
    -Wl,-rpath,"$root/.build/sanitize-$1/debug" -L"$runtime" -ldispatch -lBlocksRuntime \
    -Wl,-rpath,"$runtime"
}

# The Swift runtime's own caches are kept to the end and are no leaks.
cancel() {
  ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS="halt_on_error=0:exitcode=66:report_signal_unsafe=0" \
    timeout 600 "$work/cancel-$1" "http://127.0.0.1:$HTTP_PORT" "$rounds" "${SEED:-$RANDOM}"
}

mkfifo "$work/stdin"
exec 3<>"$work/stdin"
mkdir "$work/certificates"
"$root/Tests/servers/certificates.sh" "$work/certificates" 2>/dev/null
python3 "$root/Tests/servers/server.py" --certificates "$work/certificates" <"$work/stdin" \
  >"$work/server" 2>"$work/server.err" 3>&- &
server=$!
for _ in $(seq 200); do
  grep -q '^READY=1' "$work/server" && break
  sleep 0.05
done
HTTP_PORT=$(sed -n 's/^HTTP_PORT=//p' "$work/server")

for sanitizer in $sanitizers; do
  check "the library is built for the $sanitizer sanitizer" build "$sanitizer"
  check "the program compiles" compile "$sanitizer"
  check "$rounds cancellations under the $sanitizer sanitizer" cancel "$sanitizer"
done
finish_checks
