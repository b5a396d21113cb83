#!/usr/bin/env bash
# The plugins of examples/plugins: each does what its README says.
set -u
. "$HERE/check.sh"
folder=$WORK/plugins
mkdir -p "$folder"
export CONNECT_SERVER="http://127.0.0.1:$HTTP_PORT" CONNECT_API_KEY=k3yThatMustNeverShowUpAnywhere99

# A path with a space is more than make takes.
without_spaces() {
  ln -sfn "$WORK" "$1/work" && make -s -C "$ROOT/examples/plugins" OUT="$1/work/plugins" \
    LIBRARY="$1/work/bin" CFLAGS="-O1 -Wall -Wextra -Werror"
}
links=$(mktemp -d /tmp/plugins.XXXXXX)
trap 'rm -rf "$links"' EXIT

host() { # MARK GUID PLUGIN...
  mark=$1
  guid=$2
  shift 2
  manifests=()
  for plugin in "$@"; do manifests+=("$folder/$plugin.json"); done
  MARK=$mark "$folder/host" "$guid" "${manifests[@]}" >"$folder/out" 2>"$folder/err"
}
says() { grep -qF -- "$1" "$folder/out" || { cat "$folder/out" "$folder/err"; return 1; }; }
says_not() { ! grep -F -- "$1" "$folder/out" "$folder/err"; }
logs() { grep -qF -- "$1" "$folder/err" || { cat "$folder/out" "$folder/err"; return 1; }; }
is_in() { # SQL RESULT
  got=$(python3 - "$folder/audit.sqlite" "$1" <<'PYTHON'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())
PYTHON
  )
  [ "$got" = "$2" ] || { echo "$got"; return 1; }
}

check "they build without a warning" without_spaces "$links"
gcc -std=c99 -I"$ROOT/include" -Wall -Wextra -Werror -o "$folder/host" "$HERE/plugin_host.c" \
  -L"$WORK/bin" -lconnectjobs -Wl,-rpath,"$WORK/bin" || exit 1

check "syslog: a host loads it" host a lines.formats syslog
check "syslog: every line is sent, whatever is in it" logs "lines.formats/k1 stdout: %s%s%s%s%n"
check "syslog: and the order to kill" logs "kill ordered: Order to kill job registered"
check "syslog: and the end of a job" logs "/k1 ended with exit code 3"

check "journald: a host loads it" host e fine journald
check "journald: and no line is lost by it" says "data: line 2"
check "journald: nothing failed" says_not "manifest:"

check "redactor: a host loads it" host b lines.secrets redactor syslog
check "redactor: a password is taken out" says "data: password=[redacted] user=ann"
check "redactor: and a token" says "data: Authorization: Bearer [redacted]"
check "redactor: other lines stay" says "data: starting"
check "redactor: no secret reaches the host or the next plugin" says_not "hunter2"
check "redactor: nor the other one" says_not "abc.def"

export AUDIT_DATABASE=$folder/audit.sqlite
check "audit: a host loads it" host c tail.lines.5 audit
check "audit: nothing failed" says_not "HOOK"
check "audit: the kill is there" is_in \
  "SELECT content_guid LIKE 'kill~%', job_key, result, error FROM kills" \
  "[(1, 'k1', 'Order to kill job registered', None)]"
check "audit: the end is there" is_in "SELECT job_key, status, exit_code FROM ends" "[('k1', 2, 3)]"
check "audit: the lines are there" is_in "SELECT count(*), min(data), max(timestamp) FROM lines" \
  "[(5, 'line 0', 1733512169000000004)]"
AUDIT_DATABASE=/nowhere/audit.sqlite check "audit: a host that cannot write it" \
  host d tail.lines.5 audit
check "audit: fails the log" says "log: HOOK"
check "audit: and the kill" says "kill: HOOK"

follows() { "$folder/follow" tail.lines.3 k1 >"$folder/out" 2>&1; }
check "follow: prints a job's lines" follows
check "follow: all of them" says "line 2"
finish_checks
