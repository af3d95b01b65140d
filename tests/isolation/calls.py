"""How each operation is called about the scene: ids in the path, valid bodies.

Changing the own password is called without a body: a wrong password is refused like a missing role.
"""

import re
from typing import Any
from uuid import uuid4

from app.kit.clock import local_date, utc_now
from tests.consents.arrange import consent_body
from tests.duties.arrange import asking
from tests.incoming_referrals.arrange import REFERRED
from tests.isolation import of_state_exports
from tests.isolation.calls_of_obstacles import obstacle_bodies
from tests.isolation.scene import Scene

NAMES = {
    "user_id": "colleague", "review_id": "access_review", "secret": "calendar_secret",
    "draft_id": "contact_draft", "template_id": "own_template", "entry_id": "school_entry",
    "step_id": "school_step", "merged_client_id": "twin", "guardian_id": "legal_adviser",
    "service_id": "offer", "organization_id": "institution", "system_id": "partner_system",
    "credential_id": "partner_credential", "item_id": "domain_change_item", "incoming_id": "referred",
    "message_id": "said", "deputyship_id": "partner_deputyship", "delivery_id": "webhook_delivery",
    "question_id": "council_question", "export_id": "state_export",
}  # fmt: skip
"""Which thing of the scene a parameter of a path names; any other is called after it."""

SPECIAL = {
    "change_obstacle_measure": {"measure_id": "obstacle_measure"},
    "change_obstacle_member": {"member_id": "obstacle_member"},
    "take_from_waiting_list": {"inquiry_id": "waiting_inquiry"},
    "end_membership": {"user_id": "lead"},
    "set_membership_sites": {"user_id": "partner", "membership_id": "partner_membership"},
    "agree_in_conference": {"conference_id": "held_conference"},
    "hand_out_record": {"conference_id": "held_conference"},
    "remove_member": {"assignment_id": "membership_in_team"},
    "end_deputyship": {"assignment_id": "deputyship"},
    "end_registrar": {"assignment_id": "registration"},
    "correct_residence_document": {"period_id": "residence-documents"},
    "correct_legal_domain": {"period_id": "legal-domains"},
    "correct_address": {"period_id": "addresses"},
    "correct_language_level": {"period_id": "languages"},
    "correct_schooling": {"period_id": "schooling"},
    "end_period": {"period_id": "addresses"},
    "withdraw_period": {"period_id": "addresses"},
    "refuse_duty": {"duty_id": "decided_duty"},
    **{f"{step}_information_request": {"message_id": "asked"} for step in ("answer", "decline", "withdraw")},
    "withdraw_duty": {"duty_id": "decided_duty"},
    **of_state_exports.SPECIAL,
    **{f"{step}_transfer": {"transfer_id": "incoming"} for step in ("accept", "decline", "receive")},
    "read_transfer_offer": {"transfer_id": "incoming"},
    "read_transfer_package": {"transfer_id": "incoming"},
    "acknowledge_transfer_withdrawal": {"transfer_id": "incoming"},
    "acknowledge_end_of_referral": {"incoming_id": "received"},
}
FIXED = {
    "requirement": "language", "history": "addresses", "table": "categories_by_quarter",
    "vocabulary": "life_domain", "kind": "clients", "row_number": "2", "institution_type": "jobcenter",
    "year": "2025", "quarter": "2025Q4",
}  # fmt: skip
QUERIES = {
    "list_consents": ("client_id", "client"),
    "list_referrals": ("case_id", "case"),
    "list_barriers": ("case_id", "case"),
    "list_barrier_proposals": ("case_id", "case"),
    "list_names": ("user_ids", "colleague"),
}
_PARAMETER = re.compile(r"\{(\w+)\}")


def path_of(scene: Scene, name: str, template: str, *, unknown: bool = False) -> str:
    """Fill a path with the ids of the scene, or with ids that exist nowhere."""
    named = NAMES | SPECIAL.get(name, {})
    filled = set(_PARAMETER.findall(template)) - FIXED.keys()
    things = {each: named.get(each, each.removesuffix("_id")) for each in filled}
    ids = {each: str(uuid4()) if unknown else scene.ids[thing] for each, thing in things.items()}
    path = template.format(**ids, **FIXED)
    if name == "compare_assessments":
        path += "?from=2026-03-01&to=2026-03-02"
    if name in QUERIES:
        key, thing = QUERIES[name]
        path += f"?{key}={uuid4() if unknown else scene.ids[thing]}"
    return path


def body_of(scene: Scene, name: str) -> Any:
    """Return a body that is accepted, were its sender allowed."""
    ids = scene.ids
    colleague = {"user_id": ids["colleague"]}
    made = {
        **obstacle_bodies(ids),
        **of_state_exports.bodies(ids),
        "draft_transfer": {"receiving_unit_id": ids["far_unit"], "reason": "moved",
                           "data_categories": ["master_data"]},
        "accept_transfer": {"case_manager_id": ids["lead"]},
        "add_consent_evidence": {"document_id": ids["document"]},
        "request_duty": asking(ids["draft"]),
        "refer_to_kim": {"unit_id": ids["unit"], **REFERRED},
        "assign_incoming_referral": colleague,
        "merge_clients": {"merged_client_id": ids["twin"], "client_version": 1, "merged_version": 1, **WHY},
        "say_clients_distinct": {"client_id": ids["client"], "other_client_id": ids["twin"], **WHY},
        "open_case": {"client_id": ids["client"], "kind": "counselling", "access_route": "self"},
        "record_consent": consent_body(ids["client"], ids["other_institution"]),
        "draft_referral": {"case_id": ids["case"], "institution_id": ids["institution"], "channel": "phone",
                           "data_categories": ["master_data"], "concern_text": "Antrag"},
        "refer_anew": {"institution_id": ids["institution"], "channel": "phone"},
        "file_barrier": {"case_id": ids["case"], "barrier_type": "B1", "effect": "benefit_gap",
                         "since": "2026-01-02", "institution_id": ids["institution"]},
        "write_observation": {"barrier_report_id": ids["report"], "text": "Es gibt keine Sprachmittlung."},
        "create_webhook": {"institution_id": ids["institution"], "url": "http://office.example/",
                           "label": "Fachverfahren", "kinds": ["referral.offered"]},
        "assign_case": {**colleague, "kind": "member"},
        "hand_over_case": colleague,
        "fill_vacancy": {**colleague, **WHY},
        "create_contact_template": {"scope": "own", "name": "Anruf", "contact_type": "phone",
                                    "text": "Anruf bei {institution}"},
        "invite_participant": {"user_id": ids["lead"]},
        "hand_out_record": {"participant_id": ids["held_participant"], "channel": "letter"},
        "take_along": {"from_case_id": ids["ended_case"]},
        "become_case": {"case_id": ids["case"]},
        "add_deputy": {**colleague, "from": str(local_date(utc_now())), "until": "2199-01-01"},
        "answer_referrals": {"items": [{"id": ids["referral"], "version": 1, "step": "accept"}]},
        "create_partner_system": {"institution_id": ids["institution"], "name": "Fachverfahren",
                                  "scopes": ["referrals:read"]},
        "create_invitation": {"institution_id": ids["institution"], "role": "partner_user",
                              "email": "neu@kim.example"},
        "hand_on_charge": {"user_id": ids["partner_colleague"]},
        "name_partner_deputy": {"institution_id": ids["institution"], "deputy_id": ids["partner_colleague"],
                                "first_day": "2199-01-01", "last_day": "2199-01-01"},
        "create_position": {"unit_id": ids["unit"], "component": 2, "full_time_equivalents": 0.5,
                            "funded_year": 2026},
        "grant_membership": {"role": "assistant", "unit_id": ids["unit"]},
        "create_user": {"email": "neu@kim.example", "display_name": "Neu", "initial_password": PASSWORD,
                        "memberships": [{"role": "assistant", "unit_id": ids["unit"]}]},
    }  # fmt: skip
    return made.get(name, BODIES.get(name))


PASSWORD = "Vier Kraniche ziehen suedwaerts"
PERSON = {"given_name": "Lena", "family_name": "Kovac"}
WHY = {"reason": "Aus gutem Grund so entschieden"}
TITLE = {"residence_status": "AE-25.2B", "valid_from": "2025-06-01"}
DOMAIN = {"strand": "health", "legal_domain": "SGB_V"}
ADDRESS = {"strand": "registered", "street": "Markt 2"}
RENAMED, WAITING = {"name": "Anders"}, {"school_step": "waiting"}
TAX = {"kind": "tax", "value": "86095742719"}
LANGUAGE = {"language": "eng", "overall": "A1"}
BODIES: dict[str, Any] = {
    "approve_duty": {"sha256": "1" * 64},
    "refuse_duty": {"reason": "Nicht erforderlich"},
    "note_child_protection": {"indications": "Allein angetroffen", "look_again_on": "2030-01-01"},
    "take_child_protection_step": {"step": "answer", "note": "Übernommen"},
    "sign_in": {"email": "nobody@kim.example", "password": "falsch und lang genug"},
    "renew_session": {"refresh_token": "none"},
    "change_me": {"language": "de"},
    "change_own_password": {},
    "change_user": {"display_name": "Anders"}, "reset_password": {"initial_password": PASSWORD},
    "create_unit": {"name": "Neu", "kind": "town", "legal_regime": "dsg_nrw", "is_public_body": True,
                    "is_sgb_body": False},
    "register_partner_key": {"jwk": {"kty": "EC", "crv": "P-256",
                                     "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                                     "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}},
    "create_partner_secret": {}, "take_charge": {},
    "create_institution": {"name": "Neue Schule", "institution_type": "school"},
    **dict.fromkeys(
        ("change_unit", "change_partner_system", "change_contact_template", "change_institution"), RENAMED
    ),
    "create_site": {"name": "Nebenstelle"},
    "set_membership_sites": {"site_ids": []},
    "accept_invitation": {"invitation_code": "none", "email": "nobody@kim.example", "display_name": "Niemand",
                          "password": "Sieben Otter bauen am Damm"},
    "change_site": {"phone": "+49 281 1"},
    "create_offer": {"institution_id": "00000000-0000-4000-8000-000000000000", "name": "Kurs",
                     "topics": ["language"]},
    "change_offer": {"fees": "keine"},
    "tell_offer_capacity": {"free_places": 1},
    "create_client": {**PERSON, "confirm_new": True},
    "search_clients": {"name": "Haddad"},
    "fetch_contents": {"items": [{"kind": "case", "id": "00000000-0000-4000-8000-000000000000"}]},
    "search_duplicates": {"given_name": "Amina", "family_name": "Al-Hadi"},
    "change_client": {"phone": "+49 201 1234567"},
    "replace_nationalities": {"nationalities": ["475"]},
    "add_household_member": {"name": "Nour", "relation": "child"},
    "change_household_member": {"name": "Nour"},
    **dict.fromkeys(("add_residence_document", "correct_residence_document"), TITLE),
    **dict.fromkeys(("add_legal_domain", "correct_legal_domain"), DOMAIN),
    **dict.fromkeys(("add_address", "correct_address"), ADDRESS),
    **dict.fromkeys(("add_language_level", "correct_language_level"), LANGUAGE),
    **dict.fromkeys(("add_schooling", "correct_schooling"), WAITING),
    "end_period": {"valid_until": "2026-01-01"},
    "find_by_number": TAX,
    "record_number": TAX,
    "show_number": {"purpose": "application"},
    "record_guardian": {"kind": "legal_adviser", "name": "Ute Berg", "scope": ["health"], "evidence": "x"},
    "change_guardian": {"reachable": "0201 1"},
    "settle_domain_change_item": {"state": "done"},
    "make_domain_change_task": {"due_on": "2030-01-01"},
    "restrict_processing": {"ground": "objection"},
    "announce_lifting": {"how": "Anruf"},
    "lift_restriction": WHY,
    "use_restricted_data": {"purpose": "consent", **WHY},
    "dispute_entry": {"entry": "client", "field": "sex", "says": "Falsch", "disputed_on": "2026-03-01"},
    "resolve_dispute": {"outcome": "confirmed", "reason": "Ausweis gesehen"},
    "change_document": {"title": "Bescheid"},
    "remove_document": {"reason": "duplicate"},
    "write_letter": {"kind": "privacy_notice"},
    "withdraw_consent": {"channel": "phone"},
    "sign_consent": {
        "text_sha256": "0" * 64, "signer_name": "Ute Berg", "signed_at": "2026-04-06T10:00:00Z",
        "device": "tablet", "strokes": [[[x, x] for x in range(12)]],
    },
    "change_case": {"concern": "Arbeit"},
    "record_intake": {"note": "Gespräch"},
    "take_phase": {"to": "monitoring", "linking_reason": "Nicht nötig"},
    "close_case": {"reason": "goals_reached"},
    "reopen_case": WHY,
    "acknowledge_handover": {"note": "Akte durchgesehen"},
    "record_assessment": {"assessed_on": "2026-03-01", "domains": [{"life_domain": "work", "state": "need"}]},
    "set_goal": {"life_domain": "work", "wording": "Arbeit"},
    "change_goal": {"wording": "Ausbildung"},
    "add_measure": {"wording": "Bewerbung", "responsible": "client"},
    "change_measure": {"note": "geht voran"},
    "record_contact": {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"},
    "correct_contact": {"note": "richtig"},
    "begin_contact_draft": {"note": "noch nicht fertig"},
    "save_contact_draft": {"note": "noch nicht fertig"},
    "record_inquiry": {"access_route": "self", "concerns": ["work"], "language": "ara"},
    "change_inquiry": {"note": "genauer"},
    "put_on_waiting_list": {"priority_reason": "deadline"},
    "finish_inquiry": {"outcome": "advised"},
    "create_task": {"title": "Anrufen", "due_on": "2030-01-01"},
    "change_task": {"note": "bald"},
    "take_task_step": {"step": "finish"},
    "record_interpreting": {"language": "ara", "mode": "video", "starts_at": "2030-01-01T09:00:00Z"},
    "change_interpreting": {"payer": "kim"},
    "take_interpreting_step": {"step": "cancel", "reason": "Nicht nötig"},
    "plan_conference": {"occasion": "Übergang", "mode": "online", "starts_at": "2030-01-01T09:00:00Z",
                        "client_takes_part": True},
    "change_conference": {"mode": "phone"},
    "take_conference_step": {"step": "cancel", **WHY},
    "agree_in_conference": {"wording": "Platz suchen", "responsible": "client", "due_on": "2030-01-01"},
    "start_pathway": {"pathway": "stay_integrated"},
    "change_pathway": {"note": "Termin vereinbart"},
    "change_pathway_requirement": {"state": "in_progress"},
    "take_pathway_step": {"step": "apply"},
    "move_pathway": {"law_version": "StAG10-2025"},
    "register_pupil": {"stage": "upper_secondary"},
    "change_school_entry": {"way_note": "Bus 510"},
    "take_school_step": {"step": "counsel"},
    "correct_school_step": {"on": "2026-01-05", "reason": "Vertippt"},
    "enter_authority_figure": {"quarter": "2025Q3", "figure": "duldung_held", "total": 3,
                               "groups": {"syria": 3}},
    "correct_authority_figure": {"total": 2, "groups": {"syria": 2}, "reason": "Doppelt"},
    "break_glass": WHY,
    "close_access_review": {"outcome": "justified"},
    "withdraw_transfer": {"reason": "no_longer_wanted"},
    "settle_transfer": {},
    "receive_transfer": {},
    "decline_transfer": {"reason": "no_capacity"},
    "reply_to_question": {"text": "Ja"},
    "withdraw_sent_referral": {"reason": "other"},
    "file_partner_barrier": {"barrier_type": "D1", "institution_type": "jobcenter", "effect": "delay",
                             "since": "2026-01-02"},
    "ask_institution": {"question": "concern"},
    "accept_incoming_referral": {"confirm_new": True},
    "reject_incoming_referral": {"reason": "no_capacity"},
    "cancel_referral": {"reason": "no_longer_wanted"},
    "write_message": {"code": "taken_note"}, "answer_information_request": {"code": "taken_note"},
    "decline_information_request": {"reason": "not_known"},
    "write_partner_message": {"kind": "message", "code": "taken_note"},
    "record_delivery": {"delivery": "offered", "source": "phone"},
    "record_answer": {"step": "accept", "source": "phone"},
    "reject_referral": {"reason": "no_capacity"},
    "hold_referral": {"reason": "waiting_for_documents"},
    "complete_referral": {"outcome": "helped"},
    "fail_referral": {"outcome": "no_capacity"},
    "change_webhook": {"label": "Neu"}, "rotate_webhook_secret": {},
    "cancel_partner_referral": {"reason": "no_longer_wanted"},
    "return_referral": {"suggested_type": "mbe"},
    "answer_recall": {"account": "deleted", "deleted_on": "2026-04-06"},
    "record_recall_answer": {"account": "deleted", "deleted_on": "2026-04-06", "source": "phone"},
    "set_referral_deadline": {"answer_days": 10, "reminder_days": [3]},
    "take_withdrawal": {"person": {**PERSON, "birth_date": "1980-01-01"}, "everything": True,
                        "channel": "in_person"},
    "settle_withdrawal": {"outcome": "nobody_found"},
    "confirm_barrier_proposal": {"effect": "benefit_gap", "since": "2026-01-02"},
    "change_barrier": {"note": "genauer"},
    "resolve_barrier": {},
    "request_release": {"quarter": "2025Q1"},
    "import_population": {"stated_on": "2025-06-30", "source": "x", "licence": "x",
                          "csv": "municipality,nationality_group,persons"},
    "change_contract": {"deficit_cents": 1},
    "change_position": {"filled_from": "2026-01-01"},
    "open_council_question": {"number": "3", "asked_by": "Rat", "asked_on": "2026-01-01", "question": "Wie?"},
    "change_council_question": {"answer": "So."},
    "announce_import": {"kind": "clients"},
    "decide_import_row": {"decision": "skip"}, "take_import_rows": {},
}  # fmt: skip
