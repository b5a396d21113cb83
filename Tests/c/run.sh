#!/usr/bin/env bash
# Builds and runs the C tests against the release library, and ends with "N passed, N failed".
#
#   Tests/c/run.sh                 everything
#   Tests/c/run.sh redirects tls   only these programs and scripts
#   VERBOSE=1 Tests/c/run.sh       every check, not only those that failed
#   SANITIZE=address Tests/c/run.sh hooks   the tests and the plugin with that sanitizer of gcc
#
# CONNECTJOBS_LIBRARY: the library (default: .build/release/libconnectjobs.so of this checkout).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export CONNECTJOBS_LIBRARY=${CONNECTJOBS_LIBRARY:-$root/.build/release/libconnectjobs.so}
work=$(mktemp -d "${TMPDIR:-/tmp}/connectjobs tests XXXXXX")
export WORK=$work ROOT=$root HERE=$here
servers=()
passed=0
failed=0

# A server ends when its standard input does: closing the pipe is enough, also when we die.
finish() {
  exec 3>&-
  [ ${#servers[@]} -eq 0 ] || wait "${servers[@]}" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# start NAME COMMAND...: starts a server and exports the ports that it prints.
start() {
  name=$1
  shift
  "$@" <"$work/stdin" >"$work/$name.out" 2>"$work/$name.err" 3>&- &
  servers+=($!)
  for _ in $(seq 200); do
    grep -q '^READY=1' "$work/$name.out" 2>/dev/null && break
    sleep 0.05
  done
  if ! grep -q '^READY=1' "$work/$name.out"; then
    echo "not ok the server $name starts"
    cat "$work/$name.err"
    echo "0 passed, 1 failed"
    exit 1
  fi
  while IFS='=' read -r key value; do export "$key=$value"; done <"$work/$name.out"
}

# count NAME RESULT: adds what a test said at its end. One that ended otherwise failed.
count() {
  log=$work/$1.log
  summary=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
  ok=$(grep -c '^ok ' "$log")
  bad=$(grep -c '^not ok ' "$log")
  if [ -z "$summary" ] || { [ "$2" != 0 ] && [ "$bad" -eq 0 ]; }; then
    echo "not ok $1 ends well (it ended with $2)"
    tail -n 20 "$log"
    bad=$((bad + 1))
  fi
  printf '%-16s %4d passed, %d failed\n' "$1" "$ok" "$bad"
  passed=$((passed + ok))
  failed=$((failed + bad))
}

# run NAME COMMAND...: a test, in a folder for its files; one that hangs is ended.
run() {
  name=$1
  shift
  (cd "$work/files" && exec timeout --foreground --kill-after=5 "${TEST_TIMEOUT:-60}" "$@") >"$work/$name.log" 2>&1 3>&-
  result=$?
  if [ -n "${VERBOSE:-}" ]; then
    cat "$work/$name.log"
  else
    grep -A 2 '^not ok' "$work/$name.log"
  fi
  count "$name" $result
}

warnings="-Wall -Wextra -Werror -pedantic -Wshadow -Wstrict-prototypes"

compile() { # OUTPUT SOURCE...
  output=$1
  shift
  # shellcheck disable=SC2086
  gcc -std=c99 -D_POSIX_C_SOURCE=200809L $warnings ${SANITIZE:+-fsanitize=$SANITIZE} -O1 -g -I"$root/include" -I"$here" -o "$output" "$@"
}

is_wanted() { [ -z "$wanted" ] || [[ " $wanted " == *" $1 "* ]]; }

wanted=$*
unset CONNECT_SERVER CONNECT_API_KEY CONNECT_INSECURE CONNECT_CA_CERTIFICATE
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
export no_proxy="127.0.0.1,localhost"
if [ ! -f "$CONNECTJOBS_LIBRARY" ]; then
  echo "There is no $CONNECTJOBS_LIBRARY. Build it: swift build -c release --product connectjobs"
  echo "0 passed, 1 failed"
  exit 1
fi

mkfifo "$work/stdin"
exec 3<>"$work/stdin"
mkdir "$work/certificates" "$work/nginx" "$work/bin" "$work/files"
"$root/Tests/servers/certificates.sh" "$work/certificates" 2>"$work/certificates.err" ||
  cat "$work/certificates.err"
start server python3 "$root/Tests/servers/server.py" --certificates "$work/certificates"
start proxy python3 "$root/Tests/servers/proxy.py"
start nginx python3 "$root/Tests/servers/nginx.py" "$work/nginx"

if ! compile "$work/bin/check.o" -c "$here/check.c" ||
  ! compile "$work/bin/fixture.o" -c "$here/fixture.c" ||
  ! compile "$work/bin/hooking.o" -c "$here/hooking.c"; then
  echo "0 passed, 1 failed"
  exit 1
fi
ln -s "$CONNECTJOBS_LIBRARY" "$work/bin/libconnectjobs.so"
if ! compile "$work/bin/libplugin.so" -shared -fPIC "$here/plugin.c" -L"$work/bin" -lconnectjobs; then
  echo "0 passed, 1 failed"
  exit 1
fi
for source in "$here"/test_*.c; do
  name=$(basename "$source" .c)
  name=${name#test_}
  is_wanted "$name" || continue
  if compile "$work/bin/$name" "$source" "$work/bin/check.o" "$work/bin/fixture.o" \
    "$work/bin/hooking.o" \
    -L"$work/bin" -lconnectjobs -Wl,-rpath,"$work/bin" -lpthread -ldl 2>"$work/$name.log"; then
    # shellcheck disable=SC2086  # UNDER is a command with its options, as valgrind.sh gives it
    run "$name" ${UNDER:-} "$work/bin/$name"
  else
    count "$name" "an error of the compiler"
  fi
done
shopt -s nullglob
for script in "$here"/test_*.sh; do
  name=$(basename "$script" .sh)
  name=${name#test_}
  if is_wanted "$name"; then run "$name" "$script"; fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
