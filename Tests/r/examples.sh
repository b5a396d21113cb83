#!/usr/bin/env bash
# Whether the examples in examples/r work, with the sandbox and the content of the quickstart. Ends
# with "N passed, N failed".
#
# CONNECTJOBS_LIBRARY, CONNECTJOBS_SANDBOX: the library and connect-sandbox (default: this
# checkout's).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export CONNECTJOBS_LIBRARY=${CONNECTJOBS_LIBRARY:-$root/.build/release/libconnectjobs.so}
program=${CONNECTJOBS_SANDBOX:-$root/.build/release/connect-sandbox}
. "$root/Tests/support/server.sh"
. "$root/Tests/c/check.sh"
cd "$root" || exit 1

install() {
  mkdir -p "$work/library"
  R CMD INSTALL --no-test-load --no-docs --library="$work/library" bindings/r
}

# The failed job of the quickstart's content needs a moment to fail.
report() {
  for _ in $(seq 20); do
    timeout 60 Rscript examples/r/failed_jobs_report.R 7 "$work/jobs.png" >"$work/report" 2>&1 ||
      { cat "$work/report"; return 1; }
    grep -q '^1 jobs have failed' "$work/report" && break
    sleep 0.5
  done
  cat "$work/report"
  grep -q '^sales-report, build_report' "$work/report" &&
    grep -q 'The process exited with code 1' "$work/report" &&
    grep -q '| .*undefined columns selected' "$work/report" &&
    [ "$(head -c 4 "$work/jobs.png" | tail -c 3)" = PNG ]
}

report_of_nothing() { timeout 60 Rscript examples/r/failed_jobs_report.R 0 | grep -q '^0 jobs'; }

report_without_server() {
  ! CONNECT_SERVER=http://127.0.0.1:1 timeout 60 Rscript examples/r/failed_jobs_report.R \
    >"$work/report" 2>&1 && grep -q 'could not be reached' "$work/report"
}

app() { timeout 60 Rscript "$here/live_log_app.R" 2>&1 | tee "$work/app" && grep -q '^a live log$' "$work/app"; }

start_server "$program" --port 0 --api-key examples-key --content examples/content || exit 1
export CONNECT_SERVER=$address CONNECT_API_KEY=examples-key R_LIBS=$work/library
check "the package is installed" install
check "the report of failed jobs says which, and why, and draws them" report
check "a report of no time finds nothing" report_of_nothing
check "a report without a server is one line" report_without_server
check "the app shows a live log, and stops with its session" app
finish_checks
