"""What each operation answers to each identity, written from the need-to-know of the programme.

Not from the policy table of the application: two tables that disagree are the point. For every operation
there are those whose roles know the verb at all (the others are refused, whatever they name), those of
them who see the object of the scene (for the others it does not exist), and those who see it and may not.
"""

from tests.isolation.answers import Access, every, only
from tests.isolation.expected_between import BETWEEN
from tests.isolation.expected_of_structures import STRUCTURES
from tests.isolation.knowing import (
    ADMINS,
    ASSISTANTS,
    CASE_ASSIGN,
    CASE_READ,
    CASE_TEAM,
    CASE_WORK,
    CATALOGUES,
    CLIENT_CHANGE,
    CLIENT_READ,
    COORDINATION,
    COORDINATORS,
    DEPUTISE,
    DIRECTORY,
    HERE,
    INSIDE,
    INSTITUTION_KEEPERS,
    LAND_VIEWERS,
    LEADS,
    MANAGERS,
    OBSTACLE_KNOWN,
    OF_ITS_AUTHOR,
    OFFICERS,
    ONESELF,
    OUTSIDE,
    PEOPLE,
    POPULATION_KNOWN,
    POSITION_KNOWN,
    PUBLIC,
    TEAM,
    TEAM_LEADS_OF_THE_UNIT,
    USERS,
)
from tests.isolation.of_state_exports import EXPECTED as STATE_EXPORTS
from tests.isolation.people import WITHDRAWN

EXPECTED: dict[str, Access] = {
    **BETWEEN,
    **STRUCTURES,
    **STATE_EXPORTS,
    **dict.fromkeys(("sign_in", "renew_session", "list_keys", "issue_token", "accept_invitation"), PUBLIC),
    **dict.fromkeys(("list_sessions", "sign_out", "read_me", "change_me", "change_own_password"), ONESELF),
    "end_session": only(PEOPLE | {WITHDRAWN}, {"lead"}),
    # Dates for a calendar program: the address is the right.
    "share_calendar": every(MANAGERS),
    **dict.fromkeys(("read_calendar", "revoke_calendar"), only(MANAGERS, {"lead"})),
    "read_calendar_feed": PUBLIC,
    "list_notifications": every(PEOPLE),
    "mark_notification_read": only(PEOPLE, {"lead"}),
    **dict.fromkeys(("list_vocabularies", "list_entries", "list_consent_texts"), CATALOGUES),
    # People and roles, units, positions, institutions
    **dict.fromkeys(
        ("list_users", "create_user", "list_partner_systems", "create_partner_system", "list_invitations",
         "create_invitation"), every(ADMINS)
    ),
    **dict.fromkeys(
        ("read_user", "change_user", "reset_password", "grant_membership", "end_membership",
         "read_partner_system", "change_partner_system", "revoke_partner_system", "register_partner_key",
         "list_partner_credentials", "create_partner_secret", "revoke_partner_credential",
         "read_invitation", "revoke_invitation", "set_membership_sites"), USERS
    ),
    "list_colleagues": every(MANAGERS | LEADS),
    **dict.fromkeys(("list_units", "list_names"), every(INSIDE)),
    "create_unit": every(ADMINS),
    "read_unit": only(INSIDE, INSIDE & HERE),
    "change_unit": USERS,
    "list_positions": every(POSITION_KNOWN),
    "create_position": every(ASSISTANTS),
    "read_position": only(POSITION_KNOWN, POSITION_KNOWN & HERE),
    "change_position": only(ASSISTANTS, {"assistant"}),
    # Funding, population, the council's questions: of the area and about nobody
    **dict.fromkeys(("list_contracts", "read_funding_report"), every(INSTITUTION_KEEPERS)),
    "read_contract": only(INSTITUTION_KEEPERS, {"assistant", "coordinator"}),
    "enter_contract": every(ASSISTANTS),
    "change_contract": only(ASSISTANTS, {"assistant"}),
    "list_populations": every(POPULATION_KNOWN),
    "read_population": only(POPULATION_KNOWN, {"assistant", "coordinator", "steering"}),
    "import_population": every(INSTITUTION_KEEPERS),
    "list_council_questions": every(OBSTACLE_KNOWN),
    **dict.fromkeys(
        ("read_council_question", "read_council_paper"), only(OBSTACLE_KNOWN, {"coordinator", "steering"})
    ),
    "open_council_question": every(COORDINATORS),
    **dict.fromkeys(("change_council_question", "answer_council_question"), COORDINATION),
    "read_state_table": every(LAND_VIEWERS),
    "list_institutions": every(INSIDE),
    **dict.fromkeys(("create_institution", "import_institutions"), every(INSTITUTION_KEEPERS)),
    "read_institution": only(INSIDE, INSIDE & HERE),
    "change_institution": only(INSTITUTION_KEEPERS, INSTITUTION_KEEPERS & HERE),
    # The directory of the area: for those who work in it and with it
    **dict.fromkeys(
        (
            "list_offers", "read_hsds_root", "list_hsds_services", "list_hsds_organizations",
            "list_hsds_service_at_locations", "list_hsds_taxonomies", "read_hsds_taxonomy",
            "list_hsds_taxonomy_terms", "read_hsds_taxonomy_term",
        ),
        every(DIRECTORY),
    ),
    **dict.fromkeys(
        (
            "read_offer", "list_sites", "read_site", "read_hsds_service", "read_hsds_organization",
            "read_hsds_service_at_location",
        ),
        only(DIRECTORY, DIRECTORY & HERE),
    ),
    "create_offer": every(INSTITUTION_KEEPERS),
    **dict.fromkeys(
        ("create_site", "change_offer", "change_site"), only(INSTITUTION_KEEPERS, INSTITUTION_KEEPERS & HERE)
    ),
    "tell_offer_capacity": only(
        INSTITUTION_KEEPERS | OUTSIDE, {"coordinator", "assistant", "partner", "machine"},
        wrong={"other_partner", "officer"},
    ),
    # Clients
    "list_clients": every(MANAGERS | LEADS),
    **dict.fromkeys(
        ("create_client", "search_clients", "search_duplicates", "review_duplicates", "find_by_number"),
        every(MANAGERS),
    ),
    **dict.fromkeys(
        (
            "read_client", "read_household", "list_residence_documents", "list_legal_domains",
            "list_addresses", "list_languages", "list_schooling", "list_numbers", "list_disputes",
        ),
        CLIENT_READ,
    ),
    **dict.fromkeys(
        (
            "change_client", "replace_nationalities", "add_household_member", "change_household_member",
            "remove_household_member", "add_residence_document", "correct_residence_document",
            "add_legal_domain", "correct_legal_domain", "add_address", "correct_address",
            "add_language_level", "correct_language_level", "add_schooling", "correct_schooling",
            "end_period", "withdraw_period", "record_number", "remove_number", "show_number",
            "dispute_entry", "resolve_dispute",
        ),
        CLIENT_CHANGE,
    ),
    # Documents: of the case for its team, of the client for whoever works with them
    **dict.fromkeys(("list_case_documents", "read_document", "download_document"), CASE_READ),
    **dict.fromkeys(("add_case_document", "change_document", "remove_document", "write_letter"), CASE_WORK),
    "list_client_documents": CLIENT_READ,
    "add_client_document": CLIENT_CHANGE,
    # Merging: the twin of the client is known to the lead alone.
    **dict.fromkeys(
        ("list_merges", "list_restrictions", "list_processing_uses", "list_guardians"), CLIENT_READ
    ),
    **dict.fromkeys(
        ("restrict_processing", "announce_lifting", "lift_restriction", "use_restricted_data",
         "record_guardian", "change_guardian"), CLIENT_CHANGE
    ),
    # What a deputy sees for a while must not become theirs for good.
    "undo_merge": only(MANAGERS, {"lead", "registrar"}, wrong={"deputy"}),
    "list_distinct_clients": every(MANAGERS),
    **dict.fromkeys(
        ("preview_merge", "merge_clients", "say_clients_distinct"),
        only(MANAGERS, {"lead"}, wrong={"deputy"}),
    ),
    "take_back_distinct": OF_ITS_AUTHOR,
    # Consents
    "list_consents": CLIENT_READ,
    "read_consent": CLIENT_READ,
    **dict.fromkeys(("list_consent_signatures", "verify_consent_signature"), CLIENT_READ),
    **dict.fromkeys(
        ("record_consent", "withdraw_consent", "sign_consent", "add_consent_evidence"), CLIENT_CHANGE
    ),
    # Whoever is told takes it down and learns nothing; what could not be placed is the officer's.
    "take_withdrawal": every(MANAGERS | LEADS),
    "list_unplaced_withdrawals": every(OFFICERS),
    "settle_withdrawal": only(OFFICERS, {"privacy"}),
    # Cases
    "list_cases": every(MANAGERS | LEADS),
    "read_case": only(MANAGERS | LEADS, {*TEAM, "glass"}, wrong={"team_lead"}),
    # A deputy would keep sight of the client beyond the deputyship.
    "open_case": only(MANAGERS, {"lead", "registrar"}, wrong={"deputy"}),
    **dict.fromkeys(
        (
            "list_domain_changes",
            "list_phases", "list_assessments", "read_assessment", "list_goals", "read_goal", "read_measure",
            "list_contacts", "read_contact", "list_tasks", "read_task", "list_task_steps",
            "list_interpretings", "read_interpreting", "list_conferences", "read_conference",
            "list_interpretings", "read_interpreting", "list_pathways", "read_pathway", "list_pathway_steps",
            "compare_pathway_versions", "list_school_entries", "read_school_entry",
            "list_phases", "list_assessments", "read_assessment", "read_latest_assessment",
            "list_goal_history",            "compare_assessments", "list_goals", "read_goal",
            "list_contacts", "read_contact", "list_tasks",
        ),
        CASE_READ,
    ),
    "list_team": CASE_TEAM,
    **dict.fromkeys(
        (
            "settle_domain_change_item", "make_domain_change_task",
            "change_case", "record_intake", "take_phase", "close_case", "reopen_case", "record_assessment",
            "set_goal", "change_goal", "add_measure", "change_measure", "record_contact", "correct_contact",
            "create_task", "change_task", "take_task_step", "record_interpreting", "change_interpreting",
            "take_interpreting_step", "read_interpreting_request", "plan_conference", "change_conference",
            "take_conference_step", "invite_participant", "uninvite_participant", "agree_in_conference",
            "hand_out_record",
            "take_interpreting_step", "read_interpreting_request", "start_pathway", "change_pathway",
            "change_pathway_requirement", "take_pathway_step", "move_pathway", "register_pupil",
            "change_school_entry", "take_school_step", "correct_school_step",
        ),
        CASE_WORK,
    ),
    "read_timeline": CASE_READ,
    "read_open_items": CASE_READ,
    **dict.fromkeys(("acknowledge_handover", "hand_over_case"), only(MANAGERS, {"lead"}, wrong={"deputy"})),
    # Not who leads it: they are there.
    "take_over_case": only(MANAGERS, {"deputy"}, wrong={"lead"}),
    # The deputy does not see the earlier case.
    "take_along": OF_ITS_AUTHOR,
    "read_work": every(MANAGERS | LEADS),
    # Everybody gets their own; what is fetched and not theirs is missing (tests/work/test_sync.py).
    **dict.fromkeys(("read_changes", "fetch_contents", "follow_changes"), every(MANAGERS)),
    "read_caseload": CASE_ASSIGN,
    **dict.fromkeys(("list_school_waiting", "list_own_conferences", "list_own_tasks"), every(MANAGERS)),
    "read_school_waiting": CASE_ASSIGN,
    "begin_contact_draft": CASE_WORK,
    "list_contact_drafts": CASE_WORK,
    **dict.fromkeys(
        ("read_contact_draft", "save_contact_draft", "discard_contact_draft", "publish_contact_draft"),
        OF_ITS_AUTHOR,
    ),
    # Sheets: whoever sent one, nobody else
    **dict.fromkeys(("list_imports", "announce_import", "read_import_template"), every(MANAGERS)),
    **dict.fromkeys(
        ("read_import", "read_import_sheet", "list_import_rows", "decide_import_row", "take_import_rows",
         "undo_import"),
        OF_ITS_AUTHOR,
    ),
    "list_contact_templates": every(MANAGERS | LEADS),
    # Asked for one of their own, which a team lead does not keep.
    "create_contact_template": only(MANAGERS | LEADS, MANAGERS, wrong=LEADS),
    **dict.fromkeys(
        ("read_contact_template", "change_contact_template", "remove_contact_template"),
        only(MANAGERS | LEADS, {"lead"}),
    ),
    **dict.fromkeys(("assign_case", "break_glass", "fill_vacancy"), CASE_ASSIGN),
    **dict.fromkeys(
        ("add_deputy", "end_deputyship", "remove_member", "list_registrars", "end_registrar"), DEPUTISE
    ),
    # Inquiries
    **dict.fromkeys(("list_inquiries", "record_inquiry", "list_waiting"), every(MANAGERS)),
    **dict.fromkeys(
        ("read_inquiry", "change_inquiry", "put_on_waiting_list", "finish_inquiry", "become_case"),
        OF_ITS_AUTHOR,
    ),
    "take_from_waiting_list": only(
        MANAGERS, {"lead", "deputy", "past_deputy", "registrar", "colleague", "guardian"}
    ),
    # Oversight
    **dict.fromkeys(("list_retentions", "list_audit"), every(OFFICERS)),
    # The review of a disclosure for vital interests; that of a broken glass is the officer's alone.
    "list_access_reviews": every(OFFICERS | LEADS),
    **dict.fromkeys(
        ("read_access_review", "close_access_review"),
        only(OFFICERS | LEADS, {"privacy", *TEAM_LEADS_OF_THE_UNIT}),
    ),
}  # fmt: skip
"""Operations by the name of their function."""
