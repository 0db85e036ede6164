from corpus.document import Provision
from collections.abc import Sequence
from indexer.obligation import Obligation
def extract(provisions: Sequence[Provision], *, title: str) -> tuple[Obligation, ...]:
    return ()
