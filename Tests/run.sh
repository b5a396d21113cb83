#!/usr/bin/env bash
# Installs what is missing, builds, runs every test, and ends with one line: N passed, N failed.
#
#   Tests/run.sh              everything
#   Tests/run.sh c python     only these parts: style swift c sandbox follow sanitizers posit
#                             python r readme
#
# A part that breaks before it has counted its tests counts as one failure.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
. Tests/support/packages.sh
passed=0
failed=0
python_packages="pytest mypy basedpyright setuptools wheel build auditwheel pandas pyarrow polars \
  duckdb matplotlib tqdm nbclient ipykernel distributed cffi numba"
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM

wanted=${*:-style swift c sandbox follow sanitizers posit python r readme}
wants() { case " $wanted " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

# Takes the counts from the last line of a log that says them: "12 passed, 1 failed" in any order.
count() {
  line=$(sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -aE '[0-9]+ (passed|failed|error)' | tail -n 1)
  ok=$(grep -oE '[0-9]+ passed' <<<"$line" | grep -oE '[0-9]+' || echo 0)
  bad=$(grep -oE '[0-9]+ (failed|error)' <<<"$line" | grep -oE '[0-9]+' | paste -sd+ || echo 0)
  bad=$((${bad:-0}))
  if [ "$2" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ "$2" -eq 0 ] && [ "$ok" -eq 0 ]; then bad=$((bad + 1)); echo "This part ran no test."; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

# part NAME COMMAND...: runs a part, shows what it prints, and counts it.
part() {
  name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$logs/$name"
  count "$logs/$name" "${PIPESTATUS[0]}"
}

setup() {
  # shellcheck disable=SC2086
  need_packages $build_packages git openssl procps python3 python3-venv python3-dev r-base-core \
    r-cran-testthat r-cran-lintr nginx-light clang-format valgrind libcurl4 libsqlite3-dev \
    libsystemd0 || return 1
  venv=$root/.build/test-venv
  # Upgraded, because an environment begins with a setuptools that is too old for the package.
  # shellcheck disable=SC2086  # a list of packages, named as they are imported
  if ! "$venv/bin/python" -c "import $(echo $python_packages | tr ' ' ,)" 2>/dev/null; then
    python3 -m venv "$venv" &&
      "$venv/bin/pip" install --quiet --upgrade ruff pandas-stubs $python_packages || return 1
  fi
  swift build -c release --product connectjobs &&
    swift build -c release --product connect-sandbox
}

# Swift Testing says "Test run with 12 tests in 3 suites passed after ...".
swift_tests() {
  swift test 2>&1 | tee "$logs/swift-output"
  result=${PIPESTATUS[0]}
  total=$(grep -aoE 'Test run with [0-9]+ tests?' "$logs/swift-output" | grep -oE '[0-9]+' | tail -n 1)
  bad=$(grep -acE '^. Test .* failed after' "$logs/swift-output")
  echo "$((${total:-0} - bad)) passed, $bad failed"
  return "$result"
}

python_tests() {
  (cd bindings/python && PYTHONPATH=src "$venv/bin/python" -m pytest -q -p no:cacheprovider)
}

follow_tests() { "$venv/bin/python" -m pytest -q -p no:cacheprovider Tests/follow; }

sandbox_tests() { "$venv/bin/python" -m pytest -q -p no:cacheprovider Tests/sandbox; }

r_tests() { Tests/r/run.sh; }

if ! setup; then
  echo "The setup failed."
  echo "0 passed, 1 failed"
  exit 1
fi
export CONNECTJOBS_LIBRARY="$root/.build/release/libconnectjobs.so"
export CONNECT_SANDBOX="$root/.build/release/connect-sandbox"
export CONNECTJOBS_SANDBOX="$CONNECT_SANDBOX"

wants style && part style Tests/style.sh "$venv/bin"
wants swift && part swift swift_tests
wants c && part c Tests/c/run.sh
wants sandbox && part sandbox sandbox_tests
wants follow && part follow follow_tests
wants sanitizers && part sanitizers Tests/sanitizers/run.sh
wants posit && part posit Tests/posit/run.sh
wants python && part python python_tests
wants r && part r r_tests
wants readme && part readme python3 Tests/readme.py

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
