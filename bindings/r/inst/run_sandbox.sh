# Runs a command until standard input ends: that is a pipe from R, so the command ends with R,
# however R ends.   sh run_sandbox.sh OUT ERR PID ENDED command ...
out=$1 err=$2 pid=$3 ended=$4
shift 4
exec 3<&0
"$@" </dev/null >"$out" 2>"$err" 3<&- &
child=$!
exec 2>/dev/null # the shell would tell of the signal that ended the command
{
  while read -r _; do :; done
  kill "$child" 2>/dev/null
} <&3 >/dev/null &
watcher=$!
exec 3<&-
echo "$child" >"$pid"
wait "$child"
echo "$?" >"$ended"
kill "$watcher" 2>/dev/null
