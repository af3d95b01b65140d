"""Official numbers of a person: AZR number, pension insurance, tax, benefit household, ...

Words: a *kind* says which number it is (vocabulary `official_number`) and how it is written; a number is
*recorded*, *removed*, and *shown* by an operation of its own, for a stated purpose that the journal keeps. It
is stored sealed and found by its mark (`app.kit.sealing`); it stands in no list, no log and no package.

Table: `official_numbers`.
"""
