#!/usr/bin/env bash
# A name lookup that hangs: the call ends at once, and so does the process.
set -eu
bin=$WORK/bin
gcc -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -shared -fPIC \
  -o "$bin/lookup.so" "$HERE/preload_lookup.c"
gcc -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -I"$ROOT/include" -I"$HERE" \
  -o "$bin/hanging_lookup" "$HERE/hanging_lookup.c" "$bin/check.o" "$bin/fixture.o" \
  -L"$bin" -lconnectjobs -Wl,-rpath,"$bin" -lpthread
cd "$bin"  # LD_PRELOAD takes no path with a space in it
LD_PRELOAD=./lookup.so exec ./hanging_lookup
