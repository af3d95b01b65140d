"""Shapes of the catalogues."""

from datetime import date

from pydantic import Field

from app.kit.schema import Read

Attribute = str | bool | int | list[str] | None


class VocabularyRead(Read):
    """A vocabulary and how many entries it has, ended ones among them."""

    vocabulary: str
    entries: int


class EntryRead(Read):
    """One code; `label` is in the language asked for."""

    code: str
    label: str
    label_de: str
    label_en: str
    parent: str | None = Field(description="a code of the vocabulary above, say of the category of a type")
    note: str | None
    attributes: dict[str, Attribute]
    valid_from: date | None
    valid_to: date | None = Field(description="the last day on which it can be chosen")
