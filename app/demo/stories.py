"""What is written in demonstration data: sentences as offices write them, about nobody."""

INTERPRETED = "Sprachmittlungspool der Kommune"

CONCERNS = (
    "Möchte Arbeit aufnehmen, Deutschkurs fehlt noch, Bescheide des Jobcenters sind unverständlich.",
    "Wechsel vom AsylbLG ins SGB II steht an, Miete für den nächsten Monat ist nicht gesichert.",
    "Sucht eine Wohnung für die Familie, lebt beengt in der Unterkunft.",
    "Kinder warten auf einen Schulplatz, die Schulberatung hat noch nicht stattgefunden.",
    "Aufenthaltstitel läuft aus, ein Termin bei der Ausländerbehörde ist nicht zu bekommen.",
    "Ausbildung im Herkunftsland soll anerkannt werden, Unterlagen sind nur teilweise vorhanden.",
    "Möchte die Einbürgerung vorbereiten und fragt nach den Voraussetzungen.",
    "Krankenversicherung ungeklärt seit der Arbeitsaufnahme.",
)

CONTACT_NOTES = (
    "Unterlagen gemeinsam durchgesehen, fehlende Nachweise notiert.",
    "Telefonat geführt, Termin für nächste Woche vereinbart.",
    "Zum Jobcenter begleitet, Antrag wurde angenommen.",
    "Bescheid erklärt, Frist für den Widerspruch besprochen.",
    "Klient:in berichtet, dass der Kurs begonnen hat.",
    "Nachricht mit den nächsten Schritten geschickt.",
    "Hausbesuch, Wohnsituation besprochen.",
)

GOALS = (
    ("language", "Ich möchte so gut Deutsch sprechen, dass ich eine Ausbildung anfangen kann.",
     "Anmeldung zum Integrationskurs mit Alphabetisierung"),
    ("housing", "Wir möchten in eine eigene Wohnung ziehen.", "Wohnberechtigungsschein beantragen"),
    ("work", "Ich will wieder als Pflegekraft arbeiten.", "Antrag auf Anerkennung des Abschlusses stellen"),
    ("residence", "Ich möchte einen Titel, mit dem ich planen kann.", "Nachweise für § 25b zusammenstellen"),
    ("benefits", "Die Miete soll jeden Monat sicher bezahlt sein.",
     "Weiterbewilligung rechtzeitig beantragen"),
    ("school", "Meine Kinder sollen zur Schule gehen.", "Termin bei der Schulberatung vereinbaren"),
    ("debts", "Ich möchte meine Mietschulden abzahlen.", "Termin bei der Schuldnerberatung"),
)  # fmt: skip

TASKS = (
    "Rückruf Jobcenter wegen Weiterbewilligung",
    "Nachweise für die Ausländerbehörde prüfen",
    "Schulamt an Schulplatz erinnern",
    "Wohnungsangebot besichtigen",
    "Termin mit Sprachmittlung abstimmen",
    "Wiedervorlage: Bescheid eingegangen?",
)

CLOSINGS = ("goals_reached", "handed_to_regular_services", "moved_away", "contact_lost", "client_ended")

REFERRAL_CONCERNS = {
    "jobcenter": "Klärung der Leistungen nach Arbeitsaufnahme, Bitte um Termin.",
    "schule": "Aufnahme in die Erstförderung, Bitte um Rückmeldung zum Platz.",
    "sprachkurstraeger": "Einstufung und Kursplatz mit Kinderbetreuung.",
    "mbe": "Beratung zum Familiennachzug.",
    "sozialamt": "Antrag auf Leistungen, Bitte um Prüfung der Zuständigkeit.",
    "wohnungsamt": "Wohnberechtigungsschein und Vermittlung von Wohnraum.",
}

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
