"""The type of an obligation: who must, must not, may or is entitled to do what. Type module."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corpus.place import Address


class Modality(StrEnum):
    MUST = "must"
    MUST_NOT = "must_not"
    MAY = "may"
    ENTITLED = "entitled"


class BearerType(StrEnum):
    ENTERPRISE = "enterprise"
    PRINCIPAL_PERSON = "principal_person"
    SAFETY_MANAGER = "safety_manager"
    SAFETY_DEPT = "safety_dept"
    EMPLOYEE = "employee"
    GOVERNMENT = "government"
    REGULATOR_DEPT = "regulator_dept"
    SERVICE_AGENCY = "service_agency"
    UNION = "union"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One clause with force. `action`, `condition`, `exception`, `object`, `deadline` and `quote` are
    verbatim slices of stored provisions; `bearer` too, though it may stand in the lead paragraph or an
    earlier sentence (`bearer_source`: explicit | chapeau | article_context | text_context | item | thing;
    "thing": the text names no one, and the grammatical subject stands in the bearer's place).
    `implicit`: no modal word stands in the clause (全面负责, 负总责).
    """

    address: Address
    bearer: str
    bearer_type: BearerType
    modality: Modality
    action: str
    quote: str
    condition: str | None = None
    exception: str | None = None
    object: str | None = None
    deadline: str | None = None
    bearer_source: str = "explicit"
    implicit: bool = False

    def fields_json(self) -> dict[str, Any]:
        """The obligation's own fields of the command line's contract, without its place."""
        return {
            "bearer": self.bearer,
            "bearer_type": self.bearer_type.value,
            "modality": self.modality.value,
            "action": self.action,
            "condition": self.condition,
            "exception": self.exception,
            "object": self.object,
            "deadline": self.deadline,
            "quote": self.quote,
            "bearer_source": self.bearer_source,
            "implicit": self.implicit,
        }
