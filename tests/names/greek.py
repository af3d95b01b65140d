"""Greek names in their script, and the tables by which they are written in Latin letters."""

GIVEN = """
Γεώργιος Δημήτριος Κωνσταντίνος Ιωάννης Νικόλαος Χρήστος Παναγιώτης Βασίλειος Αθανάσιος Ευάγγελος Μιχαήλ
Σπυρίδων Θεόδωρος Χαράλαμπος Στυλιανός Ευστάθιος Παύλος Σταύρος Ηλίας Αγγελος Γκίκας Μπάμπης Ντίνος Λάμπρος
Μαρία Ελένη Αικατερίνη Βασιλική Σοφία Αναστασία Χριστίνα Παρασκευή Ευαγγελία Ειρήνη Φωτεινή Ξένια Ευδοκία
Ουρανία Γεωργία Δήμητρα Αγγελική Χρυσούλα Στυλιανή
"""
STEMS = """
Παπαδ Γεωργι Δημητρι Νικολα Βασιλ Κωνσταντιν Χριστ Αντων Ιωανν Μιχαηλ Στεφαν Σταυρ Αγγελ Χατζ Οικονομ
Καραγιανν Θεοδωρ Αλεξανδρ Μακρ Σπυρ Λαμπρ Τζαν Μπακ Γκουν Ντουρ Ευσταθ Φωτ Ψαρ Ξενακ Ραπτ
"""
ENDS = "όπουλος ίδης άκης άδης ίου ούδη"

_PLAIN = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", [
    "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t",
    "y", "f",
    "ch", "ps", "o",
], strict=True))  # fmt: skip
_ACCENTS = str.maketrans("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ")
_AFTER_VOWEL = {"αυ": "av", "ευ": "ev", "ηυ": "iv"}
_BEFORE_HARD = {"αυ": "af", "ευ": "ef", "ηυ": "if"}
_HARD = "θκξπστφχψ"
_SCHEMES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "elot_743": (_PLAIN, {"ου": "ou", "γγ": "ng", "γξ": "nx", "γχ": "nch", "^μπ": "b"}),
    "bgn": (
        _PLAIN | {"χ": "kh", "ξ": "x", "υ": "i", "δ": "dh"},
        {"ου": "ou", "γγ": "ng", "^μπ": "b", "μπ": "mb", "^ντ": "d", "ντ": "nd", "^γκ": "g", "γκ": "ng",
        "τζ": "tz"},
    ),
    "german": (
        _PLAIN | {"β": "w", "χ": "ch", "υ": "y"},
        {"ου": "ou", "γγ": "ng", "^μπ": "b", "μπ": "mp", "^ντ": "d", "^γκ": "g", "γκ": "ng"},
    ),
    "informal": (
        _PLAIN | {"χ": "h", "ξ": "ks", "υ": "i", "θ": "th"},
        {"ου": "ou", "γγ": "g", "^μπ": "b", "μπ": "b", "^ντ": "d", "ντ": "d", "^γκ": "g", "γκ": "g",
        "ει": "i", "αι": "e", "οι": "i"},
    ),
    "classical": (
        _PLAIN | {"β": "b", "υ": "y", "η": "e", "φ": "ph", "χ": "ch"},
        {"ου": "ou", "γγ": "ng", "γκ": "nk", "αυ": "au", "ευ": "eu"},
    ),
}  # fmt: skip
SCHEMES = ("elot_743", "bgn", "german", "informal")
HELD_OUT = "classical"


def render(name: str, scheme: str) -> str:
    """Return a Greek name by one scheme."""
    letters, groups = _SCHEMES[scheme]
    word = name.lower().translate(_ACCENTS)
    written, place = "", 0
    while place < len(word):
        pair = word[place : place + 2]
        group = groups.get(f"^{pair}") if place == 0 else None
        group = group or groups.get(pair)
        if group is None and pair in _AFTER_VOWEL:
            following = word[place + 2 : place + 3]
            group = (_BEFORE_HARD if not following or following in _HARD else _AFTER_VOWEL)[pair]
        written += group if group is not None else letters[word[place]]
        place += 2 if group is not None else 1
    return written.capitalize()
