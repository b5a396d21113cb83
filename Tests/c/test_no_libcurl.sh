#!/usr/bin/env bash
# Machines without a usable libcurl: a file that is none, one without functions, one that is too old.
set -u
. "$HERE/check.sh"
bin=$WORK/bin
stubs=$WORK/no-libcurl
mkdir -p "$stubs/none" "$stubs/bare" "$stubs/old"

build() {
  gcc -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -I"$ROOT/include" -I"$HERE" \
    -o "$bin/no_libcurl" "$HERE/no_libcurl.c" "$bin/check.o" "$bin/fixture.o" \
    -L"$bin" -lconnectjobs -Wl,-rpath,"$bin" -lpthread
}

# A libcurl.so.4 of nothing but stubs, with the functions that the library looks for.
stub() { # FOLDER VERSION
  {
    grep -oE '^ *X\([a-z_]+\)' "$ROOT/Sources/CCurl/include/ccurl.h" | grep -oE '[a-z_]{3,}' |
      grep -v '^version_info$' | sed 's/.*/int curl_&(void) { return 0; }/'
    echo "struct info { int age; const char *version; unsigned int number; };"
    echo "struct info *curl_version_info(int age) {"
    echo "  static struct info old = {0, \"old\", $2};"
    echo "  return age < 100 ? &old : &old; }"
  } >"$stubs/stub.c"
  gcc -shared -fPIC -w -Wl,-soname,libcurl.so.4 -o "$1/libcurl.so.4" "$stubs/stub.c"
}

without() { # FOLDER WHY WORDS
  include env LD_LIBRARY_PATH="$1" WHY="$2" WORDS="$3" "$bin/no_libcurl"
}

: >"$stubs/none/libcurl.so.4"
echo "int nothing;" | gcc -shared -fPIC -x c -o "$stubs/bare/libcurl.so.4" -
check "the program is built" build
check "an old libcurl is built" stub "$stubs/old" 0x075600
without "$stubs/none" "a file that is none" "libcurl.so.4"
without "$stubs/bare" "a library without its functions" "curl_global_init"
without "$stubs/old" "7.86" "7.87"
finish_checks
