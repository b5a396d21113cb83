# Sourced by the tests that are scripts: named checks, as check.h has them for C.
#
#   check NAME COMMAND...   ok where the command succeeds; its output is shown where it fails
#   finish_checks           prints the summary; its status is the script's

passed=0
failed=0

check() {
  check_name=$1
  shift
  if check_output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok $check_name"
  else
    failed=$((failed + 1))
    echo "not ok $check_name"
    printf '%s\n' "$check_output" | tail -n 12 | sed 's/^/  /'
  fi
}

# Takes over the checks of a program that prints its own.
include() {
  include_output=$("$@" 2>&1)
  include_status=$?
  printf '%s\n' "$include_output" | grep -v 'passed, .* failed$'
  passed=$((passed + $(printf '%s\n' "$include_output" | grep -c '^ok ')))
  failed=$((failed + $(printf '%s\n' "$include_output" | grep -c '^not ok ')))
  if [ $include_status -gt 1 ]; then
    failed=$((failed + 1))
    echo "not ok $1 ends (it ended with $include_status)"
  fi
}

finish_checks() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
