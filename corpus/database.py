"""The file corpus.db: opened, checked, locked, copied. What the tables mean is library.py's business."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus import migrations, seal
from corpus.errors import DamagedData

NAME = "corpus.db"
HEADER = b"SQLite format 3\x00"
BUSY_SECONDS = 30.0
_OURS = ("index", "backup", "pulled", "log", "settings")  # what may lie beside corpus.db

_checking = threading.Lock()
_checked: set[tuple[int, int]] = set()  # the files (device, number) this process found to be ours


class Database:
    """One corpus.db and this process's connections to it, one a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._lock = threading.Lock()
        self._wrote = False
        self.copied: tempfile.TemporaryDirectory[str] | None = None  # removed when closed

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None:
            held = self._local.connection = self._left() or self._fresh()
        return held

    def _left(self) -> sqlite3.Connection | None:
        """The connection of a thread that has ended, now this one's: a server makes a thread an answer."""
        with self._lock:
            for number, (thread, connection) in enumerate(self._all):
                if not thread.is_alive():
                    self._all[number] = (threading.current_thread(), connection)
                    if connection.in_transaction:
                        connection.rollback()
                    return connection
        return None

    def _fresh(self) -> sqlite3.Connection:
        connection = _connect(self.path)
        with self._lock:
            self._all.append((threading.current_thread(), connection))
        return connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection; a damaged page, or a row that cannot be what was written, becomes DamagedData."""
        try:
            yield self.connection
        except (sqlite3.DatabaseError, ValueError, TypeError, KeyError, OverflowError) as error:
            raise damaged(self.path, error) from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("UPDATE revision SET number = number + 1")
                number = revision(connection)
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _unwritable(self.path, error) from error
        self._wrote = True
        seal.write(self.path, seal.Seal(number))

    def restore(self, source: Path, *, progress: Callable[[int, int], None] | None = None) -> None:
        """Replaces the content by that of another file, in one transaction of SQLite's own."""
        connection = self.connection
        try:
            number = revision(connection)
            with contextlib.closing(
                sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
            ) as old:
                old.backup(connection, progress=_counted(progress))
            connection.execute("PRAGMA journal_mode = WAL")
            migrations.migrate(connection)
            connection.execute("UPDATE revision SET number = max(number, ?) + 1", (number,))
        except sqlite3.Error as error:
            raise _unwritable(self.path, error) from error
        self._wrote = True

    def settle(self) -> bool:
        """Empties the journal into the file and seals it whole; whether nobody was in the way."""
        connection = self.connection
        try:
            connection.execute("PRAGMA busy_timeout = 250")  # a seal is not worth waiting for
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return False
            connection.execute("BEGIN IMMEDIATE")  # nobody writes while the file is hashed
            try:
                if _waiting(self.path):
                    return False
                seal.write(self.path, seal.of(self.path, revision(connection)), durable=True)
            finally:
                connection.execute("ROLLBACK")
        except (sqlite3.Error, OSError):
            return False
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
        return True

    def unsealed(self) -> list[str]:
        """What the seal says against the file; empty when nothing, or when there is none.

        A seal that a killed writer left without a hash is completed.
        """
        connection = self.connection
        with moment(connection):
            number = revision(connection)
            found = seal.problems(self.path, number, still=not _waiting(self.path))
        if not found and seal.stale(self.path, number):
            self.settle()
        return found

    def close(self) -> None:
        """Seals what was written, closes every connection of this process."""
        if self._wrote:
            self._wrote = False
            self.settle()
        with self._lock:
            for _, connection in self._all:
                connection.close()
            self._all.clear()
        self._local = threading.local()
        if self.copied is not None:
            self.copied.cleanup()


def revision(connection: sqlite3.Connection) -> int:
    """How many writes the database has seen; the same number means the same content."""
    return int(connection.execute("SELECT number FROM revision").fetchone()[0])


@contextlib.contextmanager
def moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything read inside is of one moment, whatever other processes write meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def open_database(data: Path, *, create: bool) -> Database:
    """The database of a data folder. Raises DamagedData when it is missing, foreign, newer or damaged."""
    path = data / NAME
    if not _exists(path):
        if not create:
            raise DamagedData(f"数据文件夹里还没有文本库：{data}。", "请先运行 zeren add 加入法规文件。")
        _make_folder(data)
    elif not _ours(path):
        raise DamagedData(f"{path} 不是本程序的数据库。", "请用 --data 指定另一个文件夹。")
    database = Database(path)
    try:
        _prepare(database, create=create)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: Database, *, create: bool) -> None:
    path = database.path
    try:
        connection = database.connection
        fresh = not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        if fresh and create:
            connection.execute("PRAGMA journal_mode = WAL")
            migrations.migrate(connection)
        elif fresh:
            raise DamagedData(f"{path} 是空的数据库。", "请先运行 zeren add 加入法规文件。")
        migrations.check(connection, str(path))
        if migrations.version(connection) < len(migrations.MIGRATIONS):
            migrations.migrate(connection)
    except UnicodeDecodeError as error:  # SQLite quotes a damaged name
        raise damaged(path, error) from error
    except sqlite3.Error as error:
        raise (_unwritable if create else damaged)(path, error) from error


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise DamagedData(f"不能读取 {path.parent}：{error.strerror}。", "请检查文件夹权限。") from error


def _make_folder(data: Path) -> None:
    if data.is_dir():
        foreign = [
            p.name for p in data.iterdir() if p.name not in ("index", "backup", "pulled", "log", "settings")
        ]
        foreign = [name for name in foreign if not name.startswith((".", NAME))]
        if foreign:
            raise DamagedData(
                f"{data} 已有其他文件（{foreign[0]}），不是本程序的数据文件夹。", "请用 --data 指定空文件夹。"
            )
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DamagedData(f"不能建立数据文件夹 {data}：{error.strerror}。", "请换一个可写的位置。") from error


def _ours(path: Path) -> bool:
    """By the file's first bytes, before SQLite reads it: the header and our application id.

    Once a file: closing it would drop the locks that SQLite holds on it for this process (POSIX), and a
    writer elsewhere would take its journal away from under the connections here.
    """
    with _checking:
        try:
            found = path.stat()
            if (found.st_dev, found.st_ino) in _checked:
                return True
            with path.open("rb") as file:
                head = file.read(72)
        except OSError as error:
            raise DamagedData(f"不能读取 {path}：{error.strerror}。", "请检查文件权限。") from error
        ours = not head or (
            head.startswith(HEADER)
            and (int.from_bytes(head[68:72], "big") == migrations.APPLICATION_ID or _journal(path).exists())
        )
        if ours:
            _checked.add((found.st_dev, found.st_ino))
        return ours


def _journal(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _waiting(path: Path) -> bool:
    """Whether a write waits in the journal beside the file."""
    try:
        return _journal(path).stat().st_size > 0
    except OSError:
        return False


def _connect(path: Path) -> sqlite3.Connection:
    """A connection that can write; in a folder where nothing can be written, one that reads."""
    connection = _open(str(path))
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if not any(words in str(error) for words in ("readonly", "unable to open")):
            raise
        # Nobody can write here, so nothing changes under us, unless a writer's journal lies beside it.
        journal = _journal(path)
        still = "" if journal.exists() and journal.stat().st_size else "&immutable=1"
        connection = _open(f"{path.absolute().as_uri()}?mode=ro{still}")
    connection.execute("PRAGMA cache_size = -32000")
    return connection


def _open(name: str) -> sqlite3.Connection:
    return sqlite3.connect(
        name,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        uri=name.startswith("file:"),
    )


def damaged(path: Path, error: Exception) -> DamagedData:
    reason = str(error) if isinstance(error, sqlite3.Error) else "内容与写入时不一致"
    return DamagedData(
        f"{path} 不能读取（{reason}）。", "请用 zeren restore 从备份恢复，或换一个 --data 文件夹重新 add。"
    )


def _unwritable(path: Path, error: sqlite3.Error) -> DamagedData:
    text = str(error)
    if "readonly" in text or "unable to open" in text:
        return DamagedData(
            f"{path} 所在文件夹不能写入，没有作任何改动。", "请检查权限或用 --data 换一个文件夹。"
        )
    if "full" in text:
        return DamagedData(f"磁盘已满，{path} 没有改动。", "请清理磁盘后再运行同一命令。")
    if "locked" in text or "busy" in text:
        return DamagedData(f"{path} 正被另一个程序写入。", "请等它结束后再运行同一命令。")
    return damaged(path, error)


def _counted(progress: Callable[[int, int], None] | None) -> Callable[[int, int, int], None] | None:
    """SQLite counts pages left; a bar counts pages done."""
    if progress is None:
        return None
    return lambda _status, left, of: progress(of - left, of)


def existing(path: Path) -> Database:
    """A database file by its own name (a backup). Raises DamagedData when it is not ours or newer."""
    if not _ours(path):
        raise DamagedData(f"{path} 不是本程序的备份。", "请换一份备份。")
    base = Database(path)
    try:
        with base.reading() as connection:
            migrations.check(connection, str(path))
            older = migrations.version(connection) < len(migrations.MIGRATIONS)
            return _brought_up(path, connection) if older else base
    except BaseException:
        base.close()
        raise


def _brought_up(path: Path, connection: sqlite3.Connection) -> Database:
    """An older file as this program reads it: a copy of the same name with its migrations; the file stays."""
    folder = tempfile.TemporaryDirectory(prefix="zeren-older-")
    try:
        fresh = Database(Path(folder.name) / path.name)
        fresh.copied = folder
        connection.backup(fresh.connection)
        migrations.migrate(fresh.connection)
    except BaseException:
        folder.cleanup()
        raise
    finally:
        connection.close()
    return fresh


def reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read, to any file of SQLite's."""
    return _open(f"{path.absolute().as_uri()}?mode=ro")


def copy(
    source: sqlite3.Connection, target: Path, *, progress: Callable[[int, int], None] | None = None
) -> None:
    """SQLite's online backup into a new file; other processes may go on writing.

    Of one moment: otherwise every write elsewhere makes the copy begin anew, and it may never end.
    """
    try:
        with contextlib.closing(sqlite3.connect(target)) as out:
            with moment(source):
                source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                source.backup(out, pages=2048, progress=_counted(progress))
            out.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise _unwritable(target, error) from error


def whole(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with a file; empty when nothing."""
    try:
        with contextlib.closing(_connect(path)) as file:
            found = [str(row[0]) for row in file.execute("PRAGMA integrity_check(20)")]
    except sqlite3.Error as error:
        return [str(error)]
    except UnicodeDecodeError:  # the check itself quotes a damaged name
        return ["结构损坏"]
    return [] if found == ["ok"] else found
