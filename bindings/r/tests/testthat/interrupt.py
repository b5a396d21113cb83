"""Runs R on a pseudo-terminal, presses Ctrl-C in calls, and says how long each took to stop.

interrupt.py TIMES < calls: the first line sets R up, each further one is a call that would not
return by itself; after each, `after` is run. Prints a line a call: the milliseconds, the median of
TIMES tries and the most, and what `after` gave.
"""

import os
import pty
import random
import select
import signal
import statistics
import sys
import time

PROMPT = b"ready> "


class Session:
    def __init__(self):
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execvp("R", ["R", "--vanilla", "--quiet", "--no-readline"])
        self.seen = b""

    def read_until(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > end:
                raise SystemExit("R did not answer: %r" % self.seen[-2000:])
            if select.select([self.descriptor], [], [], 0.05)[0]:
                self.seen += os.read(self.descriptor, 65536)
        before, _, self.seen = self.seen.partition(text)
        return before.decode(errors="replace")

    def send(self, line):
        os.write(self.descriptor, line.encode() + b"\n")
        self.read_until(b"\n")  # the terminal's echo

    def run(self, line):
        self.send(line)
        return self.read_until(PROMPT)

    def interrupt(self, line, by_signal):
        """Ctrl-C on the terminal, or the signal itself, at a random moment."""
        self.send(line)
        time.sleep(random.uniform(0.1, 0.6))
        began = time.monotonic()
        if by_signal:
            os.kill(self.pid, signal.SIGINT)
        else:
            os.write(self.descriptor, b"\x03")
        self.read_until(PROMPT)
        return (time.monotonic() - began) * 1000


def main():
    times = int(sys.argv[1])
    setup, after, *calls = sys.stdin.read().splitlines()
    session = Session()
    session.send('options(prompt = paste0("ready", "> "))')
    session.read_until(PROMPT)
    session.run(setup)
    for call in calls:
        took = [session.interrupt(call, i % 2 == 1) for i in range(times)]
        gave = " ".join(session.run(after).split())
        print("%.0f %.0f %s" % (statistics.median(took), max(took), gave), flush=True)
    session.send("quit()")
    os.waitpid(session.pid, 0)


main()
