"""``python -m connectjobs``: looking after the jobs of one's own server from a shell."""

from __future__ import annotations

import sys

from ._command.main import main

if __name__ == "__main__":
    sys.exit(main())
