"""What can go wrong in the storage.

::

    StorageError
    ├── AddressInvalid         MYSQL_URL cannot be read (stops the start)
    ├── CursorInvalid          a page cursor that was not given out by us (HTTP 400)
    ├── NotFound               no such row, or not this user's (HTTP 404)
    ├── QuotaExceeded          as much is stored as a user may (HTTP 429 or 413)
    ├── RunsExceeded           too many runs in flight (HTTP 429)
    ├── NameInvalid            a name that cannot be the name of a figure file
    └── StorageUnavailable     down, asleep, busy beyond the deadline (HTTP 503)
        ├── StorageReadOnly    the database or the disk refuses to write
        ├── StorageFull        no space left
        └── StorageTooLarge    larger than the server takes at once (HTTP 413)

``message`` is one short Chinese sentence for the reader of an answer; ``detail`` is for the log
and never holds a password.
"""

from typing import ClassVar


class StorageError(Exception):
    """Base of all errors of the storage."""

    message: ClassVar[str] = "数据存取失败"

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail or self.message)


class AddressInvalid(StorageError):
    """``MYSQL_URL`` cannot be used; ``detail`` says why, without quoting the password."""

    message = "MYSQL_URL 格式不正确"


class CursorInvalid(StorageError):
    """A page cursor that cannot be read."""

    message = "翻页参数不正确"


class NotFound(StorageError):
    """The row does not exist, or belongs to somebody else: the two cannot be told apart."""

    message = "记录不存在"


class NameInvalid(StorageError):
    """A figure, experiment or run name that must not become a path."""

    message = "文件名不正确"


class RunsExceeded(StorageError):
    """A user has too many runs in flight."""

    message = "正在处理的任务过多，请稍后再试"


class QuotaExceeded(StorageError):
    """A user has stored as much as one may; nothing is deleted for them.

    Parameters
    ----------
    sentence : Chinese, says the limit and how to make room.
    by_size : True where the readings are too long in all, False where they are too many.
    """

    def __init__(self, sentence: str, *, by_size: bool) -> None:
        self.sentence = sentence
        self.by_size = by_size
        super().__init__(sentence)

    @classmethod
    def of_runs(cls, limit: int) -> "QuotaExceeded":
        """For so many runs at most."""
        return cls(f"已保存的记录达到上限（{limit} 条），请先删除不用的记录", by_size=False)

    @classmethod
    def of_bytes(cls, limit: int) -> "QuotaExceeded":
        """For so many bytes of readings at most."""
        megabytes = f"{limit / 2**20:.3g}"
        sentence = f"已保存的读数达到上限（{megabytes} MB），请先删除不用的记录"
        return cls(sentence, by_size=True)


class StorageUnavailable(StorageError):
    """The database or the disk cannot serve now.

    Parameters
    ----------
    detail : the driver's own words, for the log.
    passing : True when trying again soon may help (asleep, restarting, locked).
    lost : True when the connection is broken, and others of the same age may be too.
    """

    message = "数据库暂时不可用，请稍后重试"

    def __init__(self, detail: str = "", *, passing: bool = False, lost: bool = False) -> None:
        self.passing = passing
        self.lost = lost
        super().__init__(detail)


class StorageReadOnly(StorageUnavailable):
    """Nothing can be written at present."""

    message = "存储目前只能读取，内容没有保存，请稍后重试"


class StorageFull(StorageUnavailable):
    """No space is left for the database or for a file."""

    message = "服务器存储空间已满，内容没有保存，请稍后重试"


class StorageTooLarge(StorageUnavailable):
    """A row is larger than ``max_allowed_packet`` of the server; trying again never helps."""

    message = "内容超过数据库一次能接收的大小，没有保存，请减少读数"
