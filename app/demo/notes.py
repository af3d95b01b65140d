"""What a contact says: sentences as offices write them, made of the kind of contact and its subject.

Each kind of contact has its own sentences, so no home visit reads like a telephone call.
"""

from random import Random

from app.demo.people import Person
from app.demo.picking import pick
from app.demo.situations import Situation

_TO = {
    "jobcenter": "zum Jobcenter", "sozialamt": "zum Sozialamt", "wohnungsamt": "zum Wohnungsamt",
    "schulamt": "zum Schulamt", "schule": "zur Schule", "kita": "zur Kita", "mbe": "zur Migrationsberatung",
    "sprachkurstraeger": "zum Kursträger", "schuldnerberatung": "zur Schuldnerberatung",
    "frauenberatung": "zur Frauenberatung",
}  # fmt: skip
_OPENINGS = {
    "office": (
        "{who} kommt zum vereinbarten Termin. Thema: {subject}.",
        "Gespräch im Büro mit {whom} zum Thema {subject}.",
        "{who} spricht in der offenen Sprechstunde vor: {subject}.",
        "Beratung im Büro, Schwerpunkt {subject}.",
    ),
    "phone": (
        "Telefonat mit {whom}: {subject}.",
        "{who} ruft an und fragt nach dem Stand: {subject}.",
        "{whom} telefonisch erreicht. Thema: {subject}.",
        "Rückruf bei {whom} wegen {subject}.",
    ),
    "message": (
        "Nachricht an {whom} geschickt. Thema: {subject}.",
        "{who} schreibt eine Nachricht: Rückfrage zum Thema {subject}.",
        "Kurznachricht mit Terminbestätigung an {whom}. Thema: {subject}.",
    ),
    "visit": (
        "Hausbesuch bei {whom}. Wohnsituation angesehen, Thema {subject} besprochen.",
        "Hausbesuch bei {whom}, die Post der letzten Wochen liegt bereit. Thema: {subject}.",
        "Hausbesuch wie vereinbart, {who} öffnet. Thema: {subject}.",
    ),
    "accompanied": (
        "{whom} {place} begleitet. Thema: {subject}.",
        "Gemeinsam mit {whom} {place} gegangen, Thema {subject}.",
        "Begleitung {place}: {who} konnte das Anliegen selbst vortragen. Thema: {subject}.",
    ),
    "video": (
        "Videogespräch mit {whom}: {subject}.",
        "Videotermin mit {whom}, Bildschirm geteilt. Thema: {subject}.",
    ),
}  # fmt: skip
_FINDINGS = {
    "office": (
        "Vorgelegt: {papers}. Es fehlt noch: {missing}.",
        "Unterlagen durchgesehen ({papers}), Kopien zur Akte genommen.",
        "Ablauf erklärt und die nächsten Schritte aufgeschrieben.",
        "Noch offen: {missing}.",
    ),
    "phone": (
        "Es fehlt noch: {missing}.",
        "{papers}: werden beim nächsten Termin mitgebracht.",
        "Es gibt noch keine Antwort, Geduld und weiteres Vorgehen besprochen.",
        "Termin für die nächste Woche vereinbart.",
    ),
    "message": (
        "Erinnert an: {papers}.",
        "Liste der fehlenden Unterlagen angehängt: {missing}.",
        "Antwort kam am selben Tag.",
    ),
    "visit": (
        "Gemeinsam sortiert: {papers}.",
        "Schreiben gelesen und erklärt. Es fehlt noch: {missing}.",
        "Ruhiges Gespräch, die Familie ist gut informiert.",
    ),
    "accompanied": (
        "Abgegeben: {papers}. Eingang wurde bestätigt.",
        "Der Antrag wurde angenommen. Nachzureichen: {missing}.",
        "Neuer Termin vergeben, weil noch etwas fehlt: {missing}.",
    ),
    "video": (
        "Formular gemeinsam am Bildschirm ausgefüllt. Es fehlt noch: {missing}.",
        "Vorgezeigt: {papers}.",
    ),
}  # fmt: skip
_ENDINGS = (
    "Nächster Schritt: {step}.",
    "Vereinbart: {step}.",
    "Verabredung bis zum nächsten Mal: {step}.",
    "Wiedervorlage in zwei Wochen.",
    "Absprache: {step}, danach melden.",
)
LAST = (
    "Abschlussgespräch mit {whom}. Thema {subject}: was erreicht wurde und wo es weitere Hilfe gibt.",
    "Letztes Gespräch mit {whom} zum Thema {subject}, Kontaktdaten der Regelberatung mitgegeben.",
)


def contact_note(random: Random, kind: str, situation: Situation, voice: Person) -> str:
    """Return the note of a contact of this kind, about this situation, with who speaks for the client."""
    words = (pick(random, _OPENINGS[kind]), pick(random, _FINDINGS[kind]), pick(random, _ENDINGS))
    return _filled(" ".join(words), situation, voice)


def last_note(random: Random, situation: Situation, voice: Person) -> str:
    """Return the note of the conversation with which a case ends."""
    return _filled(pick(random, LAST), situation, voice)


def _filled(text: str, situation: Situation, voice: Person) -> str:
    filled = text.format(
        who=voice.address,
        whom=voice.addressed,
        subject=situation.subject,
        papers=situation.papers,
        missing=situation.missing,
        step=situation.step,
        place=_TO[situation.referred_to[0]],
    )
    return filled[0].upper() + filled[1:]


def wording(text: str, person: Person) -> str:
    """Return a text of a situation with the name of the child it is about."""
    return text.replace("CHILD", person.given_name)
