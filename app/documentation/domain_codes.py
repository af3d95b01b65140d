"""Codes of the domain: what a state, the casework or a document does not allow."""

from app.documentation.meaning import of

STATE = (
    *of(
        "409",
        ("conflict", "It contradicts what is stored.", "`detail` says what; read it again."),
        (
            "wrong_state",
            "The step does not lead on from the present state.",
            "`state` is the present one, `allowed` names the steps that do.",
        ),
        (
            "incomplete",
            "Something must be there first.",
            "`missing` names it, `detail` says what supplies it.",
        ),
        (
            "duty_not_permitted",
            "The law stands against this disclosure without consent.",
            "Send nothing. `stopped_by` names the questions; ask the client, or the privacy officer.",
        ),
        (
            "restricted_person",
            "Nothing of a restricted person leaves without consent.",
            "Ask the client. What the law still demands is not sent from here.",
        ),
        ("consent_given", "The client has agreed to it.", "Draft it on the consent instead."),
        ("duty_open", "There is an open request for this draft.", "Withdraw it or wait for the decision."),
        (
            "duties_in_bulk",
            "The unit has asked for several at this authority within a day.",
            "Nothing goes there in bulk: look again tomorrow whether it is necessary.",
        ),
        (
            "package_changed",
            "The package is another one than was approved or looked at.",
            "Read it anew; for other data a new request is needed.",
        ),
        ("preparer_left", "Whoever prepared it has left the case.", "Who works on it asks anew."),
        ("approval_expired", "The approval was not used in time.", "Withdraw it and ask anew."),
        (
            "child_protection_required",
            "The youth welfare office is informed by the steps of § 4 KKG.",
            "Note the indications and take the steps; the decision to inform names the draft.",
        ),
        ("not_held", "A record is of a conference that was held.", "Take the step `hold` first."),
        ("invited_already", "They take part already.", "There is nothing to do."),
        ("record_missing", "The conference has no record yet.", "Write it, then hand it out."),
        (
            "participant_removed",
            "They no longer take part: the consent was withdrawn, or they were taken off.",
            "Give them nothing; invite them anew on a basis that holds.",
        ),
        (
            "anonymised",
            "Nobody outside was to learn who the discussion is about, and the record says it.",
            "Give no record; plan a case conference with the client's consent instead.",
        ),
        (
            "pathway_ended",
            "The law of this pathway has run out.",
            "`followed_by` names the pathways that follow; ask the authority.",
        ),
        ("pathway_runs", "This pathway runs for this person already.", "Go on with the one that runs."),
        ("no_newer_version", "No newer version of this law holds.", "Go on with the one that is used."),
        (
            "counselling_runs",
            "The unit counsels this client already.",
            "Go on with that case: `case_id`, where you see it; else ask the team lead.",
        ),
        (
            "referral_unanswered",
            "An institution referred them and waits for an answer.",
            "Accept or reject `/v1/incoming-referrals/{id}`, with the same id as the inquiry.",
        ),
        (
            "no_consent",
            "The referral does not rest on a consent that could be withdrawn.",
            "Withdraw the referral, or say that it was entered in error.",
        ),
        ("school_entry_runs", "The child has an entry that has not ended.", "Go on with that one."),
        (
            "rows_hinder",
            "Rows of the import are bad or wait for a decision.",
            "Mend the sheet and import it anew, decide, or take the others with `skip_bad`.",
        ),
        ("sheet_read", "Another sheet was read for this import.", "Announce a new one."),
        ("figure_entered", "The figure of this quarter is entered.", "Correct it, and say why."),
        ("provider_is_asked", "A provider knows of this interpreting.", "Cancel it and ask anew."),
        ("not_the_last", "Only the last occurrence changes how it goes on.", "Change the last one."),
        ("duplicate", "It exists already, or overlaps what exists.", "Find and use what is there."),
        ("still_running", "The first request with this key still runs.", "Repeat a little later."),
        ("area_needed", "The account belongs to several areas.", "Send one of `areas` as `area`."),
        ("shared", "Other areas use this account too.", "Its owner changes the password."),
        (
            "processing_restricted",
            "The data of this person, or this period, are only kept (Art. 18 GDPR).",
            "Lift it after telling the person, write down a permitted use, or record a new consent.",
        ),
        ("has_task", "A task was made of this item already: `task`.", "Use that task."),
        ("not_restricted", "The data of this person are not restricted.", "Work as usual."),
        (
            "not_mergeable",
            "Two records cannot be merged; `obstacles` says why.",
            "Look at the preview and mend what stands in the way, say official numbers that differ.",
        ),
        (
            "collisions_undecided",
            "Periods of both records cannot be believed together: `collisions` has the ids in pairs.",
            "Send in `believe` the one of each pair that is right.",
        ),
        (
            "merged_since",
            "Another merge into this person came later: `merges`, the latest first.",
            "Undo the later ones first.",
        ),
        (
            "possible_duplicate",
            "You see persons who may be the same one: `clients`.",
            "Use one of them, or send that this is somebody else.",
        ),
        ("in_shelter", "Whoever lives in a women's shelter stays restricted.", "End the stay first."),
        ("overlap", "It overlaps another period: `periods`.", "End the other one first, or correct it."),
        ("offer_ended", "The offer has ended.", "Write down a new one."),
        ("type_is_fixed", "The kind of an institution stays.", "Make a new institution of the other kind."),
    ),
    *of(
        "409, 422",
        ("roles_apart", "One person never holds these roles together.", "Grant them to two persons."),
    ),
)

CASEWORK = of(
    "409",
    ("assigned_already", "The person is that already.", "There is nothing to do."),
    ("deputy_already", "The person stands in on some of these days already.", "Name other days."),
    (
        "consent_missing",
        "No consent covers this; `missing` names what the nearest one lacks.",
        "Record a consent with POST /v1/consents, or choose another legal basis.",
    ),
    ("category_not_allowed", "The data category never goes there.", "Leave it out."),
    (
        "duty_workflow_required",
        "Such a disclosure takes the duty workflow.",
        "State norm and necessity there; a second person approves.",
    ),
    (
        "legal_basis_not_applicable",
        "The legal basis does not carry this disclosure.",
        "Choose another one, or ask for consent.",
    ),
    ("institution_inactive", "The institution is not active.", "Choose another one."),
    (
        "on_platform_already",
        "Somebody at the institution reads referrals here.",
        "Choose the channel `platform`.",
    ),
    ("site_inactive", "The site was given up.", "Choose another site of the institution, or none."),
    (
        "taken_in_charge",
        "Somebody else is in charge of the referral, or nobody any more.",
        "Read who it is; `instead_of` names whom you take it over from.",
    ),
    ("deputy_named", "Another deputy is named for one of these days.", "End that deputyship first."),
    ("not_on_platform", "Nobody at the institution reads referrals here.", "Use another channel."),
    ("consent_followed", "The consent is followed by another already.", "Follow that one."),
    (
        "consent_ended",
        "The consent behind the referral has run out, and with it the referral.",
        "Take no further step; you are asked what became of the data.",
    ),
    ("nothing_to_refer", "Nothing of the referral may go there.", "Draft a new one with other data."),
    ("package_withheld", "The consent behind the package was withdrawn.", "Draft a new referral."),
    ("unit_not_receiving", "Nobody at the unit takes cases over.", "Choose another unit."),
    (
        "transfer_on_hold",
        "What was offered may not be used now; why is known to the sender.",
        "Wait, or decline it; the sender offers it anew.",
    ),
    ("wrong_delivery", "The delivery has come that far already.", "Read the referral again."),
    ("answered_on_platform", "On the platform the recipient answers.", "Wait for the answer."),
    ("not_bundled", "The steering group reads an obstacle once it is bundled.", "Bundle it first."),
    ("release_open", "Another release is open.", "Publish or discard it first."),
    (
        "release_passed",
        "A later quarter of the year was computed already, and releases go forward only.",
        "Release the next quarter; the totals of a year come with its last quarter.",
    ),
    ("release_seen", "The quarter was computed and put aside.", "It goes into a later release."),
    ("release_frozen", "The quarter was published, and a release is frozen.", "Correct in the next one."),
)

DOCUMENTS = (
    *of(
        "422",
        (
            "sheet_refused",
            "The sheet cannot be read, or does not fit its mapping.",
            "`errors` says why, in German: show it to who sent the sheet.",
        ),
        ("mapping_wrong", "The mapping does not fit the kind of sheet.", "`errors` names its fields."),
        ("document_empty", "The file is empty.", "Send the file itself as the body."),
        ("document_kind_not_accepted", "Files of this kind are not kept.", "Send it as PDF or a picture."),
        ("document_damaged", "The file is damaged or not whole.", "Save, scan or send it anew."),
        ("document_encrypted", "The file needs a password.", "Send it without one."),
        ("document_active_content", "The file carries programs or fetches something.", "Print it to a PDF."),
        ("document_ambiguous", "The file is two kinds at once.", "Save or scan it anew."),
        ("document_bomb", "The file unpacks to far more than it is.", "Save it smaller."),
        (
            "document_not_inspected",
            "Looking into the file took more time or memory than one file may, or failed.",
            "Save or scan it anew, or send it as a picture.",
        ),
        ("virus_found", "The virus scanner found something.", "Do not open the file; tell your IT."),
    ),
    *of(
        "409",
        ("document_is_evidence", "A consent rests on the document.", "It stays with the client."),
        ("too_many_webhooks", "An institution has at most ten webhooks.", "Remove one, or change one."),
        ("test_under_way", "The last test of the webhook is not delivered yet.", "Look at its deliveries."),
        ("post_forbidden", "Safe contact: the client gets no post.", "Hand the letter over."),
        ("not_carried_by_client", "The client does not carry this referral.", "Use its own channel."),
        ("not_present", "The client was not there in person.", "Name a contact at which they were."),
    ),
    *of(
        "503",
        ("document_store_unavailable", "The store of documents is away.", "Repeat after Retry-After."),
        ("scanner_unavailable", "The virus scanner gives no answer.", "Repeat later; nothing was kept."),
    ),
)
