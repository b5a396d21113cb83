#!/usr/bin/env bash
# Whether the R package takes the library from where it should, and works when the source tree is
# gone. Ends with "N passed, N failed". CONNECTJOBS_LIBRARY: the library (default: this checkout's).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
library=${CONNECTJOBS_LIBRARY:-$root/.build/release/libconnectjobs.so}
unset CONNECTJOBS_LIBRARY
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. "$root/Tests/c/check.sh"

# Libraries that work alike and are told apart by their last byte.
library_named() {
  mkdir -p "$(dirname "$2")" && cp -L "$library" "$2" && printf '%s' "$1" >>"$2"
}

# A source tree of its own, with a library beside the package or without.
source_tree() {
  mkdir -p "$work/tree/bindings" "$work/library"
  cp -r "$root/bindings/r" "$work/tree/bindings/r"
  cp -r "$root/include" "$work/tree/include"
  rm -f "$work"/tree/bindings/r/src/*.o "$work"/tree/bindings/r/src/*.so
}

# install [NAME=VALUE...]: installs the package of the tree.
install() {
  env "$@" R CMD INSTALL --no-test-load --no-docs --no-byte-compile --library="$work/library" \
    "$work/tree/bindings/r" >"$work/output" 2>&1
  status=$?
  cat "$work/output"
  return "$status"
}

installed_is() { cmp "$work/library/connectjobs/libs/libconnectjobs.so" "$1"; }

r() { (cd / && R_LIBS=$work/library Rscript --vanilla -e "$1"); }

first() { install PKG_CONFIG_PATH="$work/pkg" CONNECTJOBS_LIBRARY="$work/named/other.so" && installed_is "$work/named/other.so"; }
second() { install PKG_CONFIG_PATH="$work/pkg" && installed_is "$work/found/libconnectjobs.so"; }
third() { install && installed_is "$work/tree/.build/release/libconnectjobs.so"; }

works_alone() {
  mkdir "$work/gone" && mv "$work/tree" "$work/found" "$work/named" "$work/gone"
  r 'library(connectjobs)
     path <- normalizePath(cj_library()$path)
     stopifnot(path == normalizePath(system.file("libs/libconnectjobs.so", package = "connectjobs")))
     client <- cj_client("http://127.0.0.1:1", "key", max_retries = 0, proxy = "")
     tryCatch(cj_content(client), connectjobs_network = function(error) quit(status = 7))'
  status=$?
  mv "$work/gone/tree" "$work/tree"
  [ "$status" -eq 7 ]
}

named_but_missing() {
  ! install CONNECTJOBS_LIBRARY=/nowhere/libconnectjobs.so &&
    grep -q "CONNECTJOBS_LIBRARY names no file: /nowhere/libconnectjobs.so" "$work/output"
}

nothing_found() {
  rm -rf "$work/tree/.build"
  install && [ "$(grep -c '^configure: ' "$work/output")" -eq 3 ] &&
    grep -q 'swift build' "$work/output" && grep -q 'CONNECTJOBS_LIBRARY=' "$work/output" &&
    [ ! -e "$work/library/connectjobs/libs/libconnectjobs.so" ]
}

loads_without() {
  r 'library(connectjobs)
     told <- tryCatch(cj_library(), connectjobs_configuration = conditionMessage)
     stopifnot(grepl("connectjobs/libs/libconnectjobs.so: ", told), grepl("Set CONNECTJOBS_LIBRARY", told))'
}

finds_it_later() {
  LD_LIBRARY_PATH=$work/gone/found r 'stopifnot(connectjobs::cj_library()$abi == 1L)'
}

source_tree
library_named A "$work/named/other.so"
library_named B "$work/found/libconnectjobs.so"
library_named C "$work/tree/.build/release/libconnectjobs.so"
mkdir "$work/pkg"
printf 'libdir=%s\nName: connectjobs\nDescription: -\nVersion: 0.1.0\n' "$work/found" \
  >"$work/pkg/connectjobs.pc"

check "CONNECTJOBS_LIBRARY comes first" first
check "then pkg-config" second
check "then the source tree" third
check "the installed package works when the source tree is gone" works_alone
check "CONNECTJOBS_LIBRARY that names no file fails the installation" named_but_missing
check "where nothing is found, three lines say how to get it" nothing_found
check "the package loads all the same, and says what it tried" loads_without
check "and uses what the system's loader finds later" finds_it_later
finish_checks
