#!/usr/bin/env bash
# What the library shows and needs: the header's functions and nothing else; one file to ship.
set -u
. "$HERE/check.sh"
library=$CONNECTJOBS_LIBRARY
folder=$WORK/exports
mkdir -p "$folder"

sed 's|/\*.*\*/||; /^ \*/d; /^\/\*/d' "$ROOT/include/connectjobs.h" |
  grep -oE '\bcjobs_[a-z_]+\(' | tr -d '(' | sort -u >"$folder/header"
grep -rhoE '@_cdecl\("[a-z_]+"\)' "$ROOT/Sources/ConnectJobsC" | grep -oE 'cjobs_[a-z_]+' |
  sort >"$folder/cdecl"
nm -D --defined-only "$library" | awk '{print $3}' | sort >"$folder/library"

same() { diff "$folder/$1" "$folder/$2"; }

has_functions() { [ "$(wc -l <"$folder/header")" -ge 40 ]; }

needs_little() {
  ! readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -vE '^(libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|libstdc\+\+\.so\.6|ld-linux-.*\.so\.[0-9])$'
}

has_entry() { readelf -d "$library" | grep -E "$1"; }

no_search_path() { ! readelf -d "$library" | grep -E 'R(UN)?PATH.*/'; }

no_writable_code() { ! readelf -lW "$library" | grep -E 'GNU_STACK.* RWE'; }

makes_no_closures() { ! nm "$library" | grep -E 'ffi_(closure_alloc|tramp)'; }

is_small() {
  strip -o "$folder/stripped" "$library"
  size=$(stat -c %s "$folder/stripped")
  echo "stripped: $size bytes" | tee "$folder/size"
  [ "$size" -le $((8 * 1024 * 1024)) ]
}

check "the header declares functions" has_functions
check "the header's functions are the @_cdecl exports" same header cdecl
check "the library shows the header's functions and nothing else" same header library
check "it needs libc, libm, libgcc_s and libstdc++ at most" needs_little
check "it has a SONAME" has_entry 'SONAME.*\[libconnectjobs\.so\]'
check "it stays loaded (nodelete)" has_entry 'NODELETE'
check "it has no search path of the machine that built it" no_search_path
check "its stack is not executable" no_writable_code
check "it has nothing of libffi that makes memory executable" makes_no_closures
check "it is 8 MB at most without symbols" is_small
sed 's/^/  /' "$folder/size"
finish_checks
