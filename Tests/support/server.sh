# Sourced by tests that work with a server. Makes a folder, $work. It and the server are gone when the
# script ends.
#
#   start_server COMMAND...   starts one that says "listening on ADDRESS"; sets $address

work=$(mktemp -d)
server=""

leave() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
  fi
  rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM

start_server() {
  : >"$work/server"
  "$@" >"$work/server" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    address=$(sed -n 's/.*listening on //p' "$work/server")
    [ -n "$address" ] && return 0
    sleep 0.1
  done
  cat "$work/server"
  return 1
}
