"""What the coordination reads and decides in demonstration data: observations and obstacles."""

OBSERVATIONS = (
    ("jobcenter", "D1", "Am Empfang gibt es seit dem Frühjahr keine Sprachmittlung mehr."),
    ("jobcenter", "C4", "Bescheide sind auch für Fachkräfte kaum zu verstehen, Hinweise zu Fristen fehlen."),
    ("jobcenter", "C9", "Die Telefonnummer der Leistungsabteilung ist dauerhaft besetzt."),
    ("auslaenderbehoerde", "A1", "Termine werden nur online vergeben und sind am Morgen nach Minuten weg."),
    ("auslaenderbehoerde", "A2", "E-Mails bleiben über Wochen ohne Antwort."),
    ("auslaenderbehoerde", "A4", "Fiktionsbescheinigungen werden erst nach Ablauf des Titels ausgestellt."),
    ("asylblg_stelle", "B1", "Beim Wechsel ins SGB II zahlt im ersten Monat niemand."),
    ("schulamt", "F2", "Neu zugezogene Kinder warten bis zum nächsten Halbjahr auf einen Platz."),
    ("sprachkurstraeger", "E1", "Kurse mit Alphabetisierung beginnen nur zweimal im Jahr."),
    ("sprachkurstraeger", "E4", "Ohne Kinderbetreuung nehmen vor allem Mütter nicht teil."),
    ("wohnungsamt", "I5", "Der Wohnberechtigungsschein braucht länger als das Angebot der Wohnung gilt."),
    ("familienkasse", "C7", "Nach einem Umzug ruht das Kindergeld, bis die neue Akte angelegt ist."),
    ("einwohnermeldeamt", "Q1", "Ohne Wohnungsgeberbescheinigung wird die Anmeldung nicht angenommen."),
    ("krankenkasse", "J2", "Die Aufnahme scheitert am Nachweis der Vorversicherung."),
)

OBSTACLES = (
    ("Keine Sprachmittlung am Empfang des Jobcenters", ("D1", "D2"), ("jobcenter",), "in_project_group",
     "Sprachmittlungspool stundenweise am Empfang", None),
    ("Leistungslücke beim Wechsel vom AsylbLG ins SGB II", ("B1", "B4"), ("jobcenter", "asylblg_stelle"),
     "decided", "Übergabeblatt und Vorschuss beim Rechtskreiswechsel", "Vereinbarung wird erprobt."),
    ("Terminvergabe der Ausländerbehörde nur online", ("A1", "K1"), ("auslaenderbehoerde",), "implemented",
     "Offene Sprechstunde an zwei Vormittagen", "Offene Sprechstunde wird eingerichtet."),
    ("Wartezeit auf Schulplätze für neu zugezogene Kinder", ("F1", "F2"), ("schulamt", "schule"),
     "in_working_group", None, None),
    ("Alphabetisierungskurse fehlen im Norden des Kreises", ("E1", "E6"), ("sprachkurstraeger",), "bundled",
     None, None),
    ("Bescheide sind unverständlich", ("C4",), ("jobcenter", "sozialamt"), "under_review", None, None),
)  # fmt: skip
