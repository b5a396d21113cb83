#!/usr/bin/env bash
# Runs the story and some of the C tests under valgrind: no error, and no definite leak. It takes some
# minutes; run.sh does not call it. Ends with "N passed, N failed".
#
# CONNECTJOBS_LIBRARY, CONNECT_SANDBOX: the library and the sandbox (default: this checkout's release
# builds).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
library=${CONNECTJOBS_LIBRARY:-$root/.build/release/libconnectjobs.so}
sandbox=${CONNECT_SANDBOX:-$root/.build/release/connect-sandbox}
work=$(mktemp -d)
sandbox_pid=""
finish() {
  if [ -n "$sandbox_pid" ]; then
    kill "$sandbox_pid" 2>/dev/null
    wait "$sandbox_pid" 2>/dev/null
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
. "$here/check.sh"

memcheck="valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite
  --errors-for-leak-kinds=definite --num-callers=30"

sandbox_listens() {
  for _ in $(seq 100); do
    grep -q 'listening on' "$work/sandbox.out" && return 0
    sleep 0.1
  done
  cat "$work/sandbox.out"
  return 1
}

build_story() {
  ln -sf "$library" "$work/libconnectjobs.so"
  gcc -std=c99 -D_GNU_SOURCE -g -I"$root/include" "$root/examples/story.c" -o "$work/story" \
    -L"$work" -lconnectjobs -Wl,-rpath,"$work"
}

story() {
  address=$(sed -n 's/.*listening on //p' "$work/sandbox.out")
  # shellcheck disable=SC2086
  CONNECT_SERVER=$address CONNECT_API_KEY=valgrind-key timeout 300 $memcheck "$work/story"
}

# The tests print their own checks; only the summary, and what valgrind found, matters here.
tests() {
  UNDER=$memcheck TEST_TIMEOUT=600 CONNECTJOBS_LIBRARY=$library "$here/run.sh" \
    table arrow fields parsing statuses kill tail download redirects hooks hook_sets hook_types \
    hook_jobs hook_refusals hook_manifest
}

# Not within a check, which runs its command in a shell of its own: finish must know the process.
"$sandbox" --port 0 --api-key valgrind-key --content "$root/examples/content" \
  >"$work/sandbox.out" 2>&1 &
sandbox_pid=$!
check "the sandbox starts" sandbox_listens
check "the story compiles" build_story
check "the story under valgrind" story
check "tests under valgrind" tests
finish_checks
