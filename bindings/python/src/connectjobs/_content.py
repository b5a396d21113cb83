"""Content items, and what a kill order came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._errors import ConnectJobsError, NotFoundError, error_class
from ._rows import Field, Record, Row, Rows, TimeField

if TYPE_CHECKING:
    from ._table import Table


class ContentItem(Record):
    """A content item; goes wherever a guid goes.

    >>> item = client.content("ticker").first
    >>> item.name, item.app_mode
    ('ticker', 'python-api')
    """

    __slots__ = ()
    _shown = ("name", "title", "guid")

    guid = Field[str]()
    name = Field[str]()
    title = Field[str]()
    app_mode = Field[str]()
    owner_guid = Field[str]()
    last_deployed_time = TimeField()
    dashboard_url = Field[str]()


class ContentItems(Rows[ContentItem]):
    """Content items that the key may see.

    >>> len(client.content())
    2
    """

    _shown = ContentItem._shown  # noqa: SLF001

    def __init__(self, table: Table, name: str | None) -> None:
        super().__init__(table)
        self._name = name

    def _item(self, row: int) -> ContentItem:
        return ContentItem(Row(self._table, row))

    @property
    def first(self) -> ContentItem:
        """The first of them.

        Raises:
            NotFoundError: There is none.
        """
        if not self:
            which = "content item" if self._name is None else f"content item named {self._name!r}"
            raise NotFoundError(
                f"this key may see no {which}; content() lists those that it may",
                operation="content_list",
            )
        return self[0]


class KillOrder(Record):
    """What became of the order to kill one job.

    >>> finalized = client.jobs(client.content("broken-report").first).latest
    >>> order = client.kill(finalized.content_guid, finalized)[0]
    >>> order.result, type(order.failure).__name__, order.code
    (None, 'ConflictError', 163)
    """

    __slots__ = ()
    _shown = ("job_key", "result", "error", "ended")

    job_key = Field[str]()
    result = Field[str]()
    code = Field[int]()
    error = Field[str]()
    error_status = Field[int]()
    order_guid = Field[str]()
    app_guid = Field[str]()
    app_id = Field[int]()
    job_id = Field[int]()
    ended = Field[bool]()

    @property
    def failure(self) -> ConnectJobsError | None:
        """Why the order could not be given, as an exception; None where it was registered."""
        status = self.error_status
        if status is None:
            return None
        return error_class(status)(
            self.error or "the order failed", code=self.code or 0, operation="job_kill"
        )


class KillOrders(Rows[KillOrder]):
    """One row a key, in the order given.

    >>> len(client.kill(client.content().first, []))
    0
    """

    _shown = KillOrder._shown  # noqa: SLF001

    def _item(self, row: int) -> KillOrder:
        return KillOrder(Row(self._table, row))


class LoggedError(Record):
    """Why a job failed, as Connect logged it.

    >>> error = client.jobs(client.content("broken-report").first).latest.error()
    >>> error.code
    'process-failed'
    """

    __slots__ = ()
    _shown = ("code", "summary", "help_url")

    code = Field[str]()
    summary = Field[str]()
    help_url = Field[str]()

    def __str__(self) -> str:
        return self.summary or self.code or "the server logged an error without a summary"


class JobFollow(Record):
    """How the follow of one job stands, or ended.

    >>> with client.jobs(client.content("broken-report").first).latest.tail() as tail:
    ...     texts = [entry.data for entry in tail]
    ...     follow = tail.summary()[0]
    >>> follow.entries, follow.bytes == sum(map(len, texts)), follow.reconnects
    (2, True, 0)
    """

    __slots__ = ()
    _shown = ("job_key", "end_reason", "exit_code", "entries")

    content_guid = Field[str]()
    job_key = Field[str]()
    end_reason = Field[str]()
    exit_code = Field[int]()
    entries = Field[int]()
    bytes = Field[int]()
    reconnects = Field[int]()
    gap_possible = Field[bool]()
    repeat_possible = Field[bool]()
    error_status = Field[int]()
    error = Field[str]()


class TailSummary(Rows[JobFollow]):
    """One row a job that a tail follows.

    >>> with client.jobs(client.content("broken-report").first).latest.tail() as tail:
    ...     entries = list(tail)
    ...     len(tail.summary())
    1
    """

    _shown = JobFollow._shown  # noqa: SLF001

    def _item(self, row: int) -> JobFollow:
        return JobFollow(Row(self._table, row))
