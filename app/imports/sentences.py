"""What is said of a row, in German and without repeating what stands in it.

Kinds are those of creation (`app.kit.sentences` and the refusals of rules), so that a sheet is refused for
what creation refuses; here are the words that an office reads.
"""

from collections.abc import Mapping
from typing import Any

ELSE = "Dieser Wert kann hier nicht übernommen werden."

_SENTENCES: Mapping[str, str] = {
    "missing": "Hier fehlt eine Angabe.",
    "string_too_short": "Der Eintrag ist zu kurz.",
    "string_too_long": "Der Eintrag ist zu lang: höchstens {max_length} Zeichen.",
    "too_long": "Es sind zu viele Angaben: höchstens {max_length}.",
    "string_pattern_mismatch": "Der Eintrag hat nicht die erwartete Form.",
    "text_empty": "Hier fehlt eine Angabe.",
    "text_not_storable": "Der Eintrag enthält Zeichen, die nicht gespeichert werden können.",
    "email_invalid": "Das ist keine E-Mail-Adresse.",
    "value_error": "Der Eintrag hat nicht die erwartete Form.",
    "date_out_of_range": "Das Datum liegt außerhalb von 1900 bis 2200.",
    "greater_than_equal": "Die Zahl ist zu klein: mindestens {ge}.",
    "less_than_equal": "Die Zahl ist zu groß: höchstens {le}.",
    "period_backwards": "Ein Zeitraum endet nach seinem Beginn.",
    "unknown_code": "Diesen Wert kennt das Verzeichnis nicht.",
    "code_not_valid": "Dieser Wert wird nicht mehr vergeben.",
    "in_the_future": "Das Datum liegt in der Zukunft.",
    "before_birth": "Das Datum liegt vor der Geburt der Person.",
    "twice": "Diese Angabe steht zweimal da.",
    "one_of": "Es muss genau eine der beiden Angaben stehen: Aktenzeichen oder Name.",
    "one_of_two": "Die Stelle wird nur einmal genannt.",
    "address_not_stored": "Von einem Frauenhaus wird nur die Tatsache gespeichert: Straße und Ort weglassen.",
    "not_a_date": "Das ist kein Datum des Kalenders. Erwartet wird zum Beispiel 31.12.1999.",
    "two_digit_year": "Das Jahr hat nur zwei Stellen: vierstellig angeben.",
    "not_a_number": "Hier wird eine ganze Zahl erwartet.",
    "not_a_flag": "Hier wird ja oder nein erwartet.",
    "formula": "Formeln werden nicht übernommen: die Zelle als Wert einfügen.",
    "error_value": "In der Zelle steht ein Fehler der Tabellenkalkulation.",
    "key_twice": "Dieses Zeichen steht schon in einer früheren Zeile.",
    "key_too_long": "Das Zeichen ist zu lang: höchstens 120 Zeichen.",
    "same_person": "Person und Mitglied sind dieselbe.",
    "member_twice": "Dieses Mitglied steht schon im Haushalt.",
    "unknown_client": "Zu diesem Aktenzeichen ist keine Person importiert, die Sie sehen.",
    "unknown_case": "Zu diesem Fallzeichen ist kein Fall importiert, den Sie sehen.",
    "case_closed": "Der Fall ist abgeschlossen und nimmt keine Einträge mehr auf.",
    "case_not_yours": "An diesem Fall arbeiten Sie nicht mit.",
    "client_not_yours": "Für diese Person können Sie keinen Fall eröffnen.",
    "other_unit": "Diese Person gehört zu einer anderen Einrichtung; dorthin führt nur eine Übergabe.",
    "merged": "Die Person wurde mit einer anderen zusammengeführt.",
    "processing_restricted": "Die Daten dieser Person dürfen nur aufbewahrt werden (Art. 18 DSGVO).",
    "possible_duplicate": "Möglicherweise ist diese Person schon erfasst. Bitte entscheiden: übernehmen, "
    "verknüpfen oder auslassen.",
    "duplicate_in_sheet": "Möglicherweise steht dieselbe Person schon in einer früheren Zeile. "
    "Bitte entscheiden.",
    "changed_since": "Seit dem Import wurde daran weitergearbeitet.",
    "still_used": "Daran hängt noch etwas, das nicht aus diesem Import stammt.",
}
KINDS = frozenset(_SENTENCES)

_OF_FIELDS: Mapping[tuple[str, str], str] = {
    ("missing", "basis"): "Ein Gespräch mit Dritten braucht eine Grundlage.",
    ("missing", "institution_name"): "Bei einer Begleitung muss die Stelle genannt sein.",
    ("missing", "residence_status"): "Zu den Angaben zum Aufenthalt fehlt der Status.",
    ("missing", "legal_domain"): "Zu dem Datum fehlt die Leistung.",
    ("missing", "german"): "Zu dem Datum fehlt das Deutschniveau.",
    ("string_pattern_mismatch", "phone"): "Das ist keine Telefonnummer.",
    ("string_too_short", "phone"): "Das ist keine Telefonnummer.",
    ("string_pattern_mismatch", "postcode"): "Das ist keine Postleitzahl.",
}


def german(kind: str, field: str = "", context: Mapping[str, Any] | None = None) -> str:
    """Return the sentence for a kind of finding; only limits of the schema are put in."""
    template = _OF_FIELDS.get((kind, field)) or _SENTENCES.get(kind)
    if template is None:
        return ELSE
    limits = {name: value for name, value in (context or {}).items() if name in {"max_length", "ge", "le"}}
    try:
        return template.format(**limits)
    except KeyError:
        return ELSE


SHEET: Mapping[str, str] = {
    "sheet_empty": "Die Datei ist leer oder hat keine Überschriften.",
    "sheet_kind": "Die Datei ist weder XLSX noch CSV.",
    "sheet_damaged": "Die Datei ist beschädigt oder wurde nicht vollständig gesendet.",
    "sheet_encrypted": "Die Datei ist verschlüsselt: ohne Kennwort speichern.",
    "sheet_active": "Die Datei enthält Makros, eingebettete Dateien oder Verweise nach außen.",
    "sheet_bomb": "Die Datei ist entpackt viel zu groß.",
    "sheet_encoding": "Die Zeichen der CSV-Datei sind nicht lesbar: als UTF-8 speichern.",
    "sheet_unreadable": "Die Datei konnte nicht gelesen werden: sie ist zu groß oder zu verschachtelt.",
    "sheet_ambiguous": "Die Datei hat mehrere sichtbare Blätter: das gemeinte in der Zuordnung nennen.",
    "sheet_unknown": "Ein Blatt dieses Namens gibt es in der Datei nicht.",
    "too_many_columns": "Die Datei hat zu viele Spalten: höchstens 100.",
    "too_many_rows": "Die Datei hat zu viele Zeilen: höchstens 20.000, sonst aufteilen.",
    "cell_too_long": "Eine Zelle ist zu lang.",
    "heading_missing": "Diese Überschrift gibt es in der Datei nicht.",
    "heading_twice": "Diese Überschrift steht zweimal in der Datei.",
    "no_rows": "Unter den Überschriften steht keine Zeile.",
}
"""Why a whole sheet is refused."""
