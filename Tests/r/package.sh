#!/usr/bin/env bash
# Whether the R package passes R CMD check --as-cran: no error, no warning, and no note but those
# that are explained below. Its examples and its vignette are run with the sandbox. The tests are
# not: run.sh runs them. Ends with "N passed, N failed".
#
# CONNECTJOBS_LIBRARY: the library (default: this checkout's), with connect-sandbox beside it.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export CONNECTJOBS_LIBRARY=${CONNECTJOBS_LIBRARY:-$root/.build/release/libconnectjobs.so}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. "$root/Tests/c/check.sh"

# No network: CRAN is not asked about the package. The manual's default fonts are in no small
# package of Debian's.
export _R_CHECK_CRAN_INCOMING_=false R_RD4PDF=times,hyper
export CONNECTJOBS_SANDBOX=${CONNECTJOBS_SANDBOX:-$(dirname "$CONNECTJOBS_LIBRARY")/connect-sandbox}

# The notes that stay:
#   installed package size     libconnectjobs.so holds the Swift runtime
#   future file timestamps     asks a server on the internet what time it is
#   compiled code              libconnectjobs.so is no shared object of R's: it registers nothing
explained='^\* checking (installed package size|for future file timestamps|compiled code) \.\.\. NOTE$'

build() { (cd "$work" && R CMD build "$root/bindings/r"); }
passes() { (cd "$work" && R CMD check --as-cran --no-tests connectjobs_*.tar.gz); }
log() { cat "$work/connectjobs.Rcheck/00check.log"; }
only() { ! log | grep -E "\.\.\. $1\$" | grep -vE "${2:-^$}" | grep .; }
only_that_file() {
  log | sed -n '/^\* checking compiled code/,/^\* checking [^c]/p' >"$work/compiled"
  ! grep '^File' "$work/compiled" | grep -v 'libs/libconnectjobs.so' &&
    ! grep -i 'found' "$work/compiled" | grep -v 'R_registerRoutines'
}
# R's entry points that are not for packages, or will not be: R 4.5 names them where R 4.2 does not.
not_for_packages="ATTRIB BODY CLOENV DATAPTR ENCLOS ENVFLAGS FORMALS FRAME HASHTAB IS_ASCII
  IS_GROWABLE IS_LATIN1 IS_UTF8 LEVELS NAMED OBJECT PRCODE PRENV PRSEEN PRVALUE REFCNT SETLENGTH
  SETLEVELS SET_ATTRIB SET_CLOENV SET_GROWABLE_BIT SET_NAMED SET_OBJECT SET_PRVALUE SET_TRUELENGTH
  SET_TYPEOF STRING_PTR TRUELENGTH VECTOR_PTR R_CheckStack2 R_GetCurrentEnv R_PromiseExpr
  R_lsInternal R_nchar R_tryWrap Rf_GetOption Rf_findFun Rf_findVar Rf_findVarInFrame
  Rf_findVarInFrame3 Rf_isFrame Rf_isValidName Rf_NonNullStringMatch Rf_StringBlank"
only_api() {
  nm -D --undefined-only "$work"/connectjobs.Rcheck/connectjobs/libs/connectjobs.so |
    awk '{ print $2 }' >"$work/symbols"
  # shellcheck disable=SC2086
  grep -q '^Rf_protect$' "$work/symbols" &&
    ! printf '%s\n' $not_for_packages | grep -xFf - "$work/symbols"
}

examples_ran() { grep -q 'stdout tick 1' "$work"/connectjobs.Rcheck/connectjobs-Ex.Rout; }
vignette_ran() {
  tar -xzOf "$work"/connectjobs_*.tar.gz connectjobs/inst/doc/connectjobs.html >"$work/vignette" &&
    grep -q 'The process exited with code 3' "$work/vignette" && grep -q '<img ' "$work/vignette"
}

check "R CMD build" build
check "R CMD check --as-cran ends well" passes
check "no error" only ERROR
check "no warning" only WARNING
check "no note that is not explained" only NOTE "$explained"
check "what is said of compiled code is said of the library alone" only_that_file
check "the shim uses no entry point that newer R takes away" only_api
check "the examples ran with the sandbox" examples_ran
check "the vignette was built with the sandbox" vignette_ran
finish_checks
