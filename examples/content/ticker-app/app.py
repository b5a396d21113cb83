"""An app that writes a line every 100 ms, and now and then a warning to stderr."""

import itertools
import sys
import time

print("ticker: listening on port 8050", flush=True)
price = 100.0
for tick in itertools.count(1):
    price += ((tick * 7919) % 13 - 6) / 10
    print(f"tick {tick:5d}  ACME {price:7.2f} €", flush=True)
    if tick % 10 == 0:
        print(f"WARNING: feed is {tick % 7 + 1} ticks late", file=sys.stderr, flush=True)
    time.sleep(0.1)
