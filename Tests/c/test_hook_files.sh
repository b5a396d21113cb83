#!/usr/bin/env bash
# Which files a set of hooks loads: those that only root and this user can have written.
set -u
. "$HERE/check.sh"

# A folder that nobody else may write, on a way that nobody else may write.
is_safe() {
  part=$(cd "$1" 2>/dev/null && pwd -P) || return 1
  while :; do
    [ -z "$(find "$part" -maxdepth 0 -perm /022)" ] || return 1
    [ "$part" = / ] && return 0
    part=$(dirname "$part")
  done
}
folder=""
for candidate in "$ROOT" "${HOME:-/nowhere}" /opt /var/lib; do
  if is_safe "$candidate" && [ -w "$candidate" ]; then
    folder=$(mktemp -d "$candidate/.hook-files.XXXXXX") && break
  fi
done
has_folder() { [ -n "$folder" ]; }
check "there is a folder that nobody else may write" has_folder
has_folder || { finish_checks; exit 1; }
trap 'rm -rf "$folder"' EXIT

gcc -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -I"$ROOT/include" -o "$folder/bind" \
  "$HERE/bind_file.c" -L"$WORK/bin" -lconnectjobs -Wl,-rpath,"$WORK/bin" || exit 1
mkdir -p "$folder/plugins/deep"
chmod 755 "$folder" "$folder/plugins" "$folder/plugins/deep"
library=$folder/plugins/deep/libplugin.so
manifest=$folder/plugins/plugin.json
cp "$WORK/bin/libplugin.so" "$library"
cat >"$manifest" <<'JSON'
{"connectjobs_plugin": 1, "libraries": {"p": "./deep/libplugin.so"},
 "hooks": [{"event": "entry", "library": "p", "call": "line plugin_borrowed(data)"}]}
JSON
chmod 644 "$library" "$manifest"

loads() { "$folder/bind" "$@"; }
# refuses WORDS FILE...: with an error that says these words.
refuses() {
  words=$1
  shift
  if output=$("$folder/bind" "$@" 2>&1); then
    echo "it was loaded"
    return 1
  fi
  echo "$output" | grep -qF "$words" && echo "$output" | grep -q '^CONFIGURATION' && return 0
  echo "$output"
  return 1
}

both() { # NAME, then what to expect
  name=$1
  shift
  check "a library $name" "$@" "$library"
  check "a manifest $name" "$@" "$manifest"
}

both "that nobody else may write is loaded" loads
chmod g+w "$library" "$manifest"
both "that its group may write is refused" refuses "can be written by others"
chmod g-w,o+w "$library" "$manifest"
both "that all may write is refused" refuses "can be written by others"
check "unless told otherwise" loads --allow-writable "$library"
check "unless told otherwise, for a manifest, too" loads --allow-writable "$manifest"
chmod o-w "$manifest"
check "a manifest whose library all may write is refused" refuses "libplugin.so" "$manifest"
chmod o-w "$library"
chmod o+w "$folder/plugins"
both "in a folder that all may write is refused" refuses "plugins\" can be written by others"
chmod 1777 "$folder/plugins"
both "in such a folder with the sticky bit is refused" refuses "can be written by others"
chmod 755 "$folder/plugins"
both "is loaded again after that" loads
mkdir -m 777 "$folder/open"
ln -s "$library" "$folder/open/link.so"
ln -s plugins/../plugins/deep/libplugin.so "$folder/good.so"
ln -s loop.so "$folder/loop.so"
check "a link that all may exchange is refused" refuses "open\" can be written" "$folder/open/link.so"
check "a link that nobody else may exchange is followed" loads "$folder/good.so"
check "a way through .. is followed" loads "$folder/plugins/deep/../deep/./libplugin.so"
check "a way through .. is checked" refuses "open\" can be written" \
  "$folder/open/../plugins/deep/libplugin.so"
check "links without an end are refused" refuses "Too many" "$folder/loop.so"
check "a folder is refused" refuses "no regular file" "$folder/plugins"
mkfifo "$folder/pipe"
check "a pipe is refused, and does not block" refuses "no regular file" "$folder/pipe"
check "a file that is not there is refused" refuses "No such file" "$folder/none.so"
relative() { (cd "$folder/plugins" && "$folder/bind" ./deep/libplugin.so); }
check "a relative path is loaded" relative
if [ "$(id -u)" -eq 0 ]; then
  chown 12345 "$library"
  check "another user's library is refused" refuses "belongs to another" "$library"
  chown 0 "$library"
fi
finish_checks
