#!/usr/bin/env bash
# Tests the R package. Ends with "N passed, N failed". About six minutes.
#
#   Tests/r/run.sh                    everything
#   Tests/r/run.sh testthat install   only these: testthat install package memory examples
#
# CONNECTJOBS_LIBRARY, CONNECTJOBS_SANDBOX: the library, and connect-sandbox.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/Tests/support/packages.sh"
. "$root/Tests/c/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

wanted=${*:-testthat install package memory examples}
wants() { case " $wanted " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

need_packages gcc make openssl python3 pkg-config valgrind r-base-core r-cran-testthat || exit 1
if wants package; then
  # devscripts: R asks its checkbashisms about configure.
  need_packages devscripts pandoc r-cran-knitr r-cran-rmarkdown texlive-latex-base \
    texlive-fonts-recommended || exit 1
fi
if wants examples; then need_packages r-cran-shiny || exit 1; fi

# The package's own tests, the long ones too; testthat's own summary stays to be read.
own_tests() {
  mkdir -p "$work/library"
  R CMD INSTALL --no-test-load --library="$work/library" "$root/bindings/r" \
    >"$work/install" 2>&1 || { cat "$work/install"; return 2; }
  cd "$root/bindings/r/tests" &&
    CONNECTJOBS_LONG_TESTS=1 R_LIBS="$work/library" Rscript "$root/Tests/support/testthat.R"
}

# Adds a part's counts, which are in its last line, to those of all.
part() {
  printf '%s\n' "-- $1"
  shift
  "$@" 2>&1 | tee "$work/part"
  status=${PIPESTATUS[0]}
  last=$(sed 's/\x1b\[[0-9;]*m//g' "$work/part" | grep -E '^[0-9]+ passed, [0-9]+ failed$' | tail -n 1)
  passed=$((passed + $(echo "${last:-0}" | grep -oE '^[0-9]+')))
  bad=$(echo "$last" | grep -oE '[0-9]+ failed' | grep -oE '[0-9]+')
  if [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi
  failed=$((failed + ${bad:-1}))
}

wants testthat && part "its own tests" own_tests
wants install && part "installing it" "$here/install.sh"
wants package && part "R CMD check" "$here/package.sh"
wants memory && part "memory" "$here/memory.sh"
wants examples && part "examples" "$here/examples.sh"
finish_checks
