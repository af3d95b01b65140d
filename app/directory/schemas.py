"""Shapes of institutions and of a sheet's import."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Code, Email, Input, Line, Name, Phone, Read

Postcode = Annotated[str, Field(pattern=r"^\d{5}$")]
MunicipalityKey = Annotated[str, Field(pattern=r"^\d{8}$")]
Languages = Annotated[list[Code], Field(default_factory=list, max_length=30)]
Scope = Literal["obliged", "recipient", "exempt_education", "not_public"]


class InstitutionCreate(Input):
    """A new partner."""

    name: Name
    institution_type: Code
    municipality: MunicipalityKey | None = None
    street: Line | None = None
    postcode: Postcode | None = None
    phone: Phone | None = None
    email: Email | None = None
    languages: Languages


class InstitutionChange(Input):
    """What changes of a partner; what is left out stays. Who has ended is set inactive, never deleted."""

    name: Name | None = None
    institution_type: Code | None = None
    municipality: MunicipalityKey | None = None
    street: Line | None = None
    postcode: Postcode | None = None
    phone: Phone | None = None
    email: Email | None = None
    languages: Languages
    is_active: bool | None = None


class InstitutionRead(Read):
    """A partner, with what the law says of its kind."""

    id: UUID
    name: str
    institution_type: str
    type_label_de: str | None
    type_label_en: str | None
    group: str | None = Field(description="the group under which it counts in statistics")
    group_label_de: str | None
    group_label_en: str | None
    is_sgb_body: bool | None = Field(description="a body in the sense of § 35 SGB I")
    aufenthg_87_scope: Scope | None = Field(description="its duties under § 87 AufenthG")
    data_categories: list[str] = Field(
        description="what its kind may receive at the most; of authorities named fields of it only"
    )
    municipality: str | None
    street: str | None
    postcode: str | None
    phone: str | None
    email: str | None
    languages: list[str]
    is_active: bool
    on_platform: bool
    version: int


class SheetImport(Input):
    """A sheet as text, the header line first."""

    csv: Annotated[str, Field(min_length=1, max_length=900_000)]


class Fault(Read):
    """What is wrong with a line (the header is line 1): the column and the kind, never the value."""

    line: int
    field: str
    kind: str


class ImportReport(Read):
    """What became of a sheet; with faults, nothing is taken unless the good lines were asked for."""

    created: int
    changed: int
    unchanged: int
    faults: list[Fault]


class InstitutionName(Read):
    """An institution by name; without an id, one that is not in the directory."""

    id: UUID | None
    name: str
