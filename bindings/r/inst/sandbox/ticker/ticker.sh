# A line every 200 ms, for an hour at most.
i=0
while [ "$i" -lt 18000 ]; do
  i=$((i + 1))
  echo "tick $i"
  sleep 0.2
done
