"""What can go wrong, as exceptions: one class for each status of the library.

Each also inherits the built-in that a Python programmer would expect, so that
``except PermissionError`` or ``except LookupError`` do what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _abi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

    from ._log import LogEntry


class ConnectJobsError(Exception):
    """A call failed; the text says in one line what failed and what to do.

    Attributes:
        message: That text.
        status: The library's status, a negative number; 0 where no call of it was involved.
        http_status: The HTTP status; 0 where no answer came.
        code: Connect's own error code; 0 where there is none.
        operation: What was tried, such as ``"jobs_list"``.
        url: The address, without the key; ``""`` where none was involved.
        retryable: Whether the same call may work later.

    >>> try:
    ...     client.jobs("00000000-0000-0000-0000-000000000000")
    ... except cj.ConnectJobsError as error:
    ...     print(type(error).__name__, error.http_status, error.code, error.operation)
    NotFoundError 404 4 jobs_list
    """

    status: int = 0

    def __init__(
        self,
        message: str = "",
        *,
        http_status: int = 0,
        code: int = 0,
        operation: str = "",
        url: str = "",
        retryable: bool = False,
    ) -> None:
        self.message = " ".join(message.split())
        super().__init__(self.message)
        self.http_status = http_status
        self.code = code
        self.operation = operation
        self.url = url
        self.retryable = retryable

    def __str__(self) -> str:
        return self.message


class ConnectJobsWarning(UserWarning):
    """Something that works, but that somebody should know of."""


class LibraryError(ConnectJobsError, ImportError):
    """The library itself was not found, or is of another version than this package."""


class JobFailed(ConnectJobsError):  # noqa: N818  (an outcome, not a fault of the call)
    """A job that was waited for with ``check=True`` ended badly.

    As text it has the last lines of the log below the message, with nothing in them that could
    drive a terminal.

    Attributes:
        exit_code: The process's exit code.
        reason: What Connect logged as the error; None where it logged none.
        lines: The last lines of its log, 20 at most, as ``LogEntry``.
        story: The same as text.

    >>> job = client.jobs(client.content("broken-report").first).latest
    >>> try:
    ...     job.wait(check=True)
    ... except cj.JobFailed as failed:
    ...     print(failed.exit_code, "-", failed.lines[-1].data)
    3 - sales.csv: no such file
    """

    exit_code: int | None = None
    reason: str | None = None
    lines: Sequence[LogEntry] = ()
    story: str = ""

    def __str__(self) -> str:
        return f"{self.message}\n{self.story}" if self.story else self.message


class InvalidArgumentError(ConnectJobsError, ValueError):
    """An argument cannot be used; nothing was sent.

    >>> client.jobs("../settings")
    Traceback (most recent call last):
        ...
    connectjobs._errors.InvalidArgumentError: ...
    """

    status = _abi.INVALID_ARGUMENT


class ConfigurationError(ConnectJobsError, ValueError):
    """The server's address, the key, a file or libcurl is missing or unusable.

    >>> cj.Client("ftp://connect.example.com", "a-key")
    Traceback (most recent call last):
        ...
    connectjobs._errors.ConfigurationError: ...
    """

    status = _abi.CONFIGURATION


class UnauthenticatedError(ConnectJobsError, PermissionError):
    """401: the key is missing, wrong or expired.

    >>> try:
    ...     cj.Client(client.server, "a-wrong-key", proxy="").content()
    ... except PermissionError as error:
    ...     print(type(error).__name__)
    UnauthenticatedError
    """

    status = _abi.UNAUTHENTICATED


class ForbiddenError(ConnectJobsError, PermissionError):
    """403: the key's owner is no owner, collaborator or administrator of this."""

    status = _abi.FORBIDDEN


class NotFoundError(ConnectJobsError, LookupError):
    """404: there is no such content item or job.

    >>> try:
    ...     client.job(client.content("ticker").first, "no-such-job")
    ... except LookupError as error:
    ...     print(error.code)
    4
    """

    status = _abi.NOT_FOUND


class UnsupportedError(ConnectJobsError, NotImplementedError):
    """Another 404: this server has no such endpoint, being too old or not Connect."""

    status = _abi.UNSUPPORTED


class ConflictError(ConnectJobsError):
    """409: for example, the job to be killed is not active.

    >>> try:
    ...     client.jobs(client.content("broken-report").first).latest.kill()
    ... except cj.ConflictError as error:
    ...     print(error.code)
    163
    """

    status = _abi.CONFLICT


class BadRequestError(ConnectJobsError, ValueError):
    """400: the server could not read the request."""

    status = _abi.BAD_REQUEST


class RateLimitedError(ConnectJobsError):
    """429: too many requests, also after the retries."""

    status = _abi.RATE_LIMITED


class ServerError(ConnectJobsError):
    """5xx: the server failed, also after the retries."""

    status = _abi.SERVER


class HTTPError(ConnectJobsError):
    """Any other HTTP status, or a redirect to another host."""

    status = _abi.HTTP


class NetworkError(ConnectJobsError, ConnectionError):
    """The name was not found, or the connection was refused, reset or cut.

    >>> try:
    ...     cj.Client("http://127.0.0.1:1", "a-key", proxy="", max_retries=0).content()
    ... except ConnectionError as error:
    ...     print(type(error).__name__, error.retryable)
    NetworkError True
    """

    status = _abi.NETWORK


class TLSError(ConnectJobsError, ConnectionError):
    """The certificate is not trusted, or the handshake failed."""

    status = _abi.TLS


class TimedOutError(ConnectJobsError, TimeoutError):
    """One of the timeouts ran out.

    >>> try:
    ...     client.jobs(client.content("ticker").first).latest.wait(timeout=0)
    ... except TimeoutError as error:
    ...     print(error.operation)
    job_wait
    """

    status = _abi.TIMED_OUT


class ProtocolError(ConnectJobsError):
    """What came is not what the API says."""

    status = _abi.PROTOCOL


class TooLargeError(ConnectJobsError):
    """An answer or a text in it is larger than was allowed."""

    status = _abi.TOO_LARGE


class CancelledError(ConnectJobsError):
    """The call was cancelled."""

    status = _abi.CANCELLED


class FileError(ConnectJobsError, OSError):
    """A local file cannot be written."""

    status = _abi.IO


class TargetExistsError(FileError, FileExistsError):
    """The file to be written is there already.

    >>> open("log", "w").close()
    >>> try:
    ...     client.jobs(client.content("ticker").first).latest.download("log")
    ... except FileExistsError as error:
    ...     print(type(error).__name__)
    TargetExistsError
    """


class TargetIsFolderError(FileError, IsADirectoryError):
    """The file to be written is a folder."""


class HookError(ConnectJobsError):
    """A hook failed."""

    status = _abi.HOOK


class CallbackError(ConnectJobsError):
    """A callback ended the call."""

    status = _abi.CALLBACK


class ClosedError(ConnectJobsError, ValueError):
    """The client or tail has been closed.

    >>> tail = client.tail(client.content("ticker").first)
    >>> tail.close()
    >>> next(tail)
    Traceback (most recent call last):
        ...
    connectjobs._errors.ClosedError: this tail has been closed; open another
    """

    status = _abi.CLOSED


class BusyError(ConnectJobsError, RuntimeError):
    """Another thread or task is using this tail."""

    status = _abi.BUSY


class ForkedError(ConnectJobsError, RuntimeError):
    """A tail was inherited through fork: open one in the child."""

    status = _abi.FORKED


class OutOfMemoryError(ConnectJobsError, MemoryError):
    """There is not enough memory."""

    status = _abi.NO_MEMORY

    def __new__(cls, *arguments: Any, **_: Any) -> Self:
        """MemoryError's own refuses other classes, where tblib (Dask) calls it by name."""
        return Exception.__new__(cls, *arguments)


class InternalError(ConnectJobsError, RuntimeError):
    """A defect of the library."""

    status = _abi.INTERNAL


_BY_STATUS: dict[int, type[ConnectJobsError]] = {
    each.status: each
    for each in (
        InvalidArgumentError,
        ConfigurationError,
        UnauthenticatedError,
        ForbiddenError,
        NotFoundError,
        UnsupportedError,
        ConflictError,
        BadRequestError,
        RateLimitedError,
        ServerError,
        HTTPError,
        NetworkError,
        TLSError,
        TimedOutError,
        ProtocolError,
        TooLargeError,
        CancelledError,
        FileError,
        HookError,
        CallbackError,
        ClosedError,
        BusyError,
        ForkedError,
        OutOfMemoryError,
        InternalError,
    )
}


def error_class(status: int) -> type[ConnectJobsError]:
    """The class of a negative status."""
    return _BY_STATUS.get(status, ConnectJobsError)
