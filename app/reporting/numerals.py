"""Numbers as they are written in German and in English. Pure."""


def number(value: float, language: str) -> str:
    """Return a number as it is written in one of the two languages: no decimals where it is whole."""
    text = f"{value:.2f}".rstrip("0") if value % 1 else str(int(value))
    return text.replace(".", ",") if language == "de" else text
