"""What the command takes, and how it ends."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

from connectjobs._client import Client
from connectjobs._errors import ConnectJobsError
from connectjobs._library import VERSION, library_path
from connectjobs._show.terminal import visible

from . import actions, doctor

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130
_CONTENT = "a content item: its guid, its dashboard URL, or its name"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; its exit code: 0, 1 where something failed, 2 where it was called wrongly.

    Args:
        arguments: Those of the command line; None is the process's own.
    """
    given = _parser().parse_args(arguments)
    warnings.showwarning = _tell_warning
    try:
        return _run(given)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # a reader, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ConnectJobsError, ValueError) as error:
        print(f"connectjobs: {visible(str(error))}", file=sys.stderr)
        return 1


def _run(given: argparse.Namespace) -> int:
    names = ("server", "ca_file", "proxy", "insecure")
    settings: dict[str, Any] = {name: getattr(given, name) for name in names}
    if given.action is None:
        return doctor.examine(settings)
    with Client(**settings) as client:
        code: int = given.action(client, given)
        return code


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="python -m connectjobs",
        description="Follow, list and kill jobs of Posit Connect. The server and the API key come "
        "from CONNECT_SERVER and CONNECT_API_KEY.",
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    whole.add_argument("--server", help="instead of CONNECT_SERVER: https://host/connect")
    whole.add_argument("--ca-file", help="a PEM file of certificates to trust")
    whole.add_argument("--proxy", help='a proxy\'s address; "" is none')
    whole.add_argument(
        "--insecure", action="store_true", default=None, help="do not verify certificates"
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _add_doctor(commands)
    _add_tail(commands)
    _add_jobs(commands)
    _add_kill(commands)
    return whole


def _add_doctor(commands: Any) -> None:
    text = "check address, key, TLS, proxy and versions, and say what to change"
    commands.add_parser("doctor", help=text, description=text).set_defaults(action=None)


def _add_tail(commands: Any) -> None:
    text = "follow the log of a job until it ends"
    tail = commands.add_parser("tail", help=text, description=text)
    tail.add_argument("content", help=_CONTENT)
    which = tail.add_mutually_exclusive_group()
    which.add_argument("--job", metavar="KEY", help="one of its jobs; default: the latest")
    which.add_argument(
        "--all", action="store_true", help="all of its jobs, those that start later included"
    )
    begin = tail.add_mutually_exclusive_group()
    begin.add_argument("--lines", type=int, metavar="N", help="begin with the last N lines")
    begin.add_argument(
        "--since", type=actions.moment, metavar="TIME", help="such as 2026-02-03T14:00"
    )
    tail.add_argument("--until", type=actions.moment, metavar="TIME", help="end at that time")
    tail.add_argument("--timeout", type=float, metavar="SECONDS", help="end after so long")
    tail.add_argument("--times", action="store_true", help="begin each line with its time (UTC)")
    tail.set_defaults(action=actions.tail)


def _add_jobs(commands: Any) -> None:
    text = "list jobs, the latest first"
    jobs = commands.add_parser("jobs", help=text, description=text)
    jobs.add_argument("content", help=_CONTENT)
    jobs.add_argument("--active", action="store_true", help="only those that run")
    jobs.add_argument("--most", type=int, default=20, metavar="N", help="how many (default: 20)")
    jobs.set_defaults(action=actions.jobs)


def _add_kill(commands: Any) -> None:
    text = "order jobs to be killed"
    kill = commands.add_parser("kill", help=text, description=text)
    kill.add_argument("content", help=_CONTENT)
    kill.add_argument("keys", nargs="*", metavar="KEY", help="the jobs' keys")
    kill.add_argument("--active", action="store_true", help="all that run now, instead of keys")
    kill.add_argument("--wait", action="store_true", help="until they have ended")
    kill.add_argument("--timeout", type=float, metavar="SECONDS", help="wait no longer than that")
    kill.set_defaults(action=actions.kill)


class _Version(argparse.Action):
    """Says which package and library these are."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"connectjobs {VERSION} ({library_path()})")
        parser.exit()


def _tell_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"connectjobs: {visible(str(message))}", file=sys.stderr)
