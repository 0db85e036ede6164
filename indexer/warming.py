"""What building an index needs, loaded while files are still being read by the children."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Loads the builder and the encoder in a thread, as long as the block lasts or a little longer."""
    thread = threading.Thread(target=_load, name="loading", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _load() -> None:
    with contextlib.suppress(Exception):  # whoever needs what is missing says so
        importlib.import_module("indexer.build")
        importlib.import_module("indexer.embedding").open_encoder()
