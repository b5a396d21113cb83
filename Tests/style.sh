#!/usr/bin/env bash
# Whether all code is formatted and clean by the tools' own rules: one check a tool.
#
#   Tests/style.sh FOLDER     FOLDER has ruff, mypy and basedpyright
set -uo pipefail
cd "$(dirname "$0")/.."
tools=$1
passed=0
failed=0

check() {
  name=$1
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "not ok  $name"
    echo "$output" | head -n 40
  fi
}

swift_is_formatted() { swift format lint --strict --recursive --parallel Package.swift Sources Tests; }

c_is_formatted() {
  git ls-files -z '*.c' '*.h' '*.cpp' | xargs -0 clang-format --dry-run -Werror
}

python_is_clean() {
  (cd bindings/python && "$tools/ruff" check . ../../examples && "$tools/ruff" format --check . ../../examples)
}

python_is_typed() { (cd bindings/python && "$tools/mypy"); }

python_is_strict() { (cd bindings/python && "$tools/basedpyright" --pythonpath "$tools/python"); }

r_is_clean() {
  Rscript -e 'found <- lintr::lint_package("bindings/r"); print(found); quit(status = length(found) > 0)'
}

# The laws of the core: no Foundation, no trap, no print.
library_obeys() {
  ! grep -rnE '\b(import Foundation|fatalError\(|try!|as!|print\(|precondition\()' \
    Sources/ConnectJobs Sources/ConnectJobsC
}

check "Swift is formatted" swift_is_formatted
check "C is formatted" c_is_formatted
check "Python is formatted and clean (ruff)" python_is_clean
check "Python is typed (mypy --strict)" python_is_typed
check "Python is typed (basedpyright)" python_is_strict
check "R is clean (lintr)" r_is_clean
check "The library has no Foundation, trap or print" library_obeys
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
