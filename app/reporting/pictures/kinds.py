"""What can be drawn or written of a release; known to who asks and to the process that makes it."""

from enum import StrEnum


class Form(StrEnum):
    """What can be made."""

    SVG = "svg"
    PNG = "png"
    WORKBOOK = "xlsx"
    REPORT = "pdf"
    PAPER = "paper.pdf"
    SHEETS = "sheets.xlsx"
    OBSTACLE_PAPER = "obstacle.pdf"
