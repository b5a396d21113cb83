#!/usr/bin/env bash
# The header compiles as C99 and C++17, alone and with its macros used, with every warning on.
set -u
. "$HERE/check.sh"
folder=$WORK/header
mkdir -p "$folder"
cat >"$folder/use.c" <<'C'
#include <connectjobs.h>
#include <connectjobs.h>
int use(void);
int use(void) {
  cjobs_client_options client = CJOBS_CLIENT_OPTIONS_INIT;
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_tail_options tail = CJOBS_TAIL_OPTIONS_INIT;
  cjobs_column column = CJOBS_COLUMN_INIT;
  cjobs_hooks_options hooks = CJOBS_HOOKS_OPTIONS_INIT;
  cjobs_hook_options hook = CJOBS_HOOK_OPTIONS_INIT;
  return client.struct_size + call.struct_size + tail.struct_size + column.struct_size +
                     hooks.struct_size + hook.struct_size > 0
             ? CJOBS_OK
             : CJOBS_E_INTERNAL;
}
C
cp "$folder/use.c" "$folder/use.cpp"

# Padding is in the nature of structs; the others speak of C89 and C++98.
strict="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wundef -Werror"
gcc_c="$strict -Wstrict-prototypes -Wmissing-prototypes -Wc++-compat"
gcc_cpp="$strict -Wold-style-cast -Wzero-as-null-pointer-constant"
clang_all="-Weverything -Werror -Wno-padded -Wno-unknown-warning-option"
clang_c="$clang_all -Wno-declaration-after-statement"
clang_cpp="$clang_all -Wno-c++98-compat -Wno-c++98-compat-pedantic"

compiles() { # COMPILER STANDARD WARNINGS FILE
  # shellcheck disable=SC2086
  "$1" "-std=$2" $3 -I"$ROOT/include" -c "$folder/$4" -o "$folder/use.o"
}

toolchain=$(dirname "$(readlink -f "$(command -v swift || echo /nowhere/swift)")")
clang=$(command -v clang || ls "$toolchain/clang" 2>/dev/null)
for standard in c99 c11 c17; do
  check "gcc -std=$standard" compiles gcc $standard "$gcc_c" use.c
  [ -z "$clang" ] || check "clang -std=$standard" compiles "$clang" $standard "$clang_c" use.c
done
for standard in c++17 c++20; do
  check "g++ -std=$standard" compiles g++ $standard "$gcc_cpp" use.cpp
  [ -z "$clang" ] || check "clang++ -std=$standard" compiles "$clang" $standard "$clang_cpp" use.cpp
done
finish_checks
