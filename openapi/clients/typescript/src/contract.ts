// Written by `make clients` from openapi/openapi.json; not changed by hand.

export interface paths {
    "/v1/catalogues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Vocabularies
         * @description List the vocabularies.
         */
        get: operations["list_vocabularies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/catalogues/{vocabulary}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Entries
         * @description List the entries of a vocabulary, labelled in the language of `Accept-Language`.
         */
        get: operations["list_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consent-texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Consent Texts
         * @description List the texts that are explained before a client consents.
         */
        get: operations["list_consent_texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hsds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Hsds Root
         * @description Read which version of the standard this is.
         */
        get: operations["read_hsds_root"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/institutions/{institution_id}/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sites
         * @description List where an institution is found.
         */
        get: operations["list_sites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/institutions/{institution_id}/sites/{site_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Site
         * @description Read one site.
         */
        get: operations["read_site"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys
         * @description List the public keys that verify access tokens.
         */
        get: operations["list_keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issue Token
         * @description Get an access token with client credentials: a signed assertion, or a secret in the form or as Basic.
         *
         *     With a `DPoP` header the token is bound to the key that signed it.
         */
        post: operations["issue_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Offers
         * @description List what is offered in the area, by name.
         */
        get: operations["list_offers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/offers/{offer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Offer
         * @description Read an offer.
         */
        get: operations["read_offer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/offers/{offer_id}/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell Offer Capacity
         * @description Tell how many places are free now; what was told last counts.
         */
        post: operations["tell_offer_capacity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/barriers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Partner Barriers
         * @description List the barriers that one's institution reported, newest first.
         */
        get: operations["list_partner_barriers"];
        put?: never;
        /**
         * File Partner Barrier
         * @description Report what stands in the way, without any person; a sentence that tells of one is refused.
         */
        post: operations["file_partner_barrier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/barriers/{partner_barrier_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Partner Barrier
         * @description Read one report of one's institution.
         */
        get: operations["read_partner_barrier"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/barriers/{partner_barrier_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw Partner Barrier
         * @description Take a report back: its sentence is removed, an open proposal dropped.
         */
        post: operations["withdraw_partner_barrier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/incoming-referrals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sent Referrals
         * @description List whom one's institution referred to KIM and where it stands, newest first; with `since`, follow.
         *
         *     The feed tells what was sent or has moved since its cursor, the oldest change first, without gaps and
         *     once; what moves while a round of several pages is read may come twice. Nothing goes out of sight.
         */
        get: operations["list_sent_referrals"];
        put?: never;
        /**
         * Refer To Kim
         * @description Refer a person to a unit of KIM. Whether the person is known there is never told.
         */
        post: operations["refer_to_kim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/incoming-referrals/{incoming_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Sent Referral
         * @description Read where a referral to KIM stands, with questions and replies.
         */
        get: operations["read_sent_referral"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/incoming-referrals/{incoming_id}/enter-in-error": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter Sent In Error
         * @description Say that it should never have been sent: what was received is stopped and soon erased.
         */
        post: operations["enter_sent_in_error"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/incoming-referrals/{incoming_id}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reply To Question
         * @description Answer the unit's question; its time to decide begins anew.
         */
        post: operations["reply_to_question"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/incoming-referrals/{incoming_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw Sent Referral
         * @description Take it back before the unit has decided.
         */
        post: operations["withdraw_sent_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/incoming-referrals/{incoming_id}/withdraw-consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell Consent Withdrawn
         * @description Tell that the person took the consent back, at any time: what was received is used no further.
         */
        post: operations["tell_consent_withdrawn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/recalls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Partner Recalls
         * @description List what one's institution is asked because a consent has ended: are the data deleted?
         */
        get: operations["list_partner_recalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/recalls/{referral_id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer Recall
         * @description Say that the data are deleted, or why they are kept. It confirms the end of the consent as well.
         */
        post: operations["answer_recall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Partner Referrals
         * @description List what was referred to one's institution, newest first; with `since`, follow the feed.
         *
         *     The feed tells what came or changed since its cursor, the oldest change first, without gaps and once;
         *     what changes while a round of several pages is read may come twice. What went out of sight is told by its
         *     id, as `lost`. With `offer_id` only what is for this offer; in the feed also what has no package to tell
         *     its offer by.
         */
        get: operations["list_partner_referrals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer Referrals
         * @description Take up to fifty steps, one after the other, each by itself: the answer tells of each, in their order.
         *
         *     Each has its own version and is its own transaction, so that one that is refused keeps no other back. The
         *     same key and body again finds what was done, and does what was not.
         */
        post: operations["answer_referrals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Partner Referral
         * @description Read the package exactly as it was frozen; absent while it may not be read (any more).
         */
        get: operations["read_partner_referral"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Referral
         * @description Accept it.
         */
        post: operations["accept_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/acknowledge-revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge Revocation
         * @description Confirm that one knows of the revocation.
         */
        post: operations["acknowledge_revocation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Partner Referral
         * @description Give it back, with a reason.
         */
        post: operations["cancel_partner_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete Referral
         * @description Finish it, with what came of it.
         */
        post: operations["complete_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fail Referral
         * @description End it without success, with what came of it.
         */
        post: operations["fail_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/fetched": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark Referral Fetched
         * @description Note that the package was taken over.
         */
        post: operations["mark_referral_fetched"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Partner File
         * @description Send a file with one's answer, such as a confirmation, at most 10 MiB and ten to a referral.
         *
         *     It needs the client's consent to feedback and goes to the team of the case alone. An authority of
         *     residence or naturalisation law sends none.
         */
        post: operations["send_partner_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold Referral
         * @description Let it wait, with a reason.
         */
        post: operations["hold_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Partner Messages
         * @description Read what was said on a referral, the first message first; nothing while its package cannot be read.
         */
        get: operations["list_partner_messages"];
        put?: never;
        /**
         * Write Partner Message
         * @description Say something to the sender, or ask for more information by data category.
         *
         *     Words about the client need their consent to feedback; coded words and named categories never do.
         */
        post: operations["write_partner_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/messages/{message_id}/attachments/{attachment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Attachment
         * @description Download a file that came with a message, to be saved and never shown; the journal keeps who.
         */
        get: operations["download_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/messages/{message_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark Partner Message Read
         * @description Mark what the sender said, up to this message, as read.
         */
        post: operations["mark_partner_message_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/messages/{message_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw Information Request
         * @description Take a request for more information back.
         */
        post: operations["withdraw_information_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Partner Receipts
         * @description Read the signed receipts of every step, the first one first.
         */
        get: operations["list_partner_receipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject Referral
         * @description Reject it, with a coded reason.
         */
        post: operations["reject_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Referral
         * @description Go on with it.
         */
        post: operations["resume_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return Referral
         * @description Send it back as not responsible, and suggest the kind of institution that is.
         */
        post: operations["return_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/referrals/{referral_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start Referral
         * @description Begin the work.
         */
        post: operations["start_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/state-exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Partner State Exports
         * @description List the files for one's institution, the newest first; with their measures once fetched.
         */
        get: operations["list_partner_state_exports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/state-exports/{export_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Partner State Export
         * @description Read what is known of a file; once it was fetched with its measures and a signed manifest.
         */
        get: operations["read_partner_state_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/state-exports/{export_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge State Export
         * @description Say that the file arrived whole and that whoever it names as withdrawn was deleted.
         */
        post: operations["acknowledge_state_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/state-exports/{export_id}/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch State Export
         * @description Fetch the file, once. A repetition with the same key gets it again until it is acknowledged.
         */
        post: operations["fetch_state_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/partner/units": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Units To Refer To
         * @description List the units of KIM that take referrals, of the area or for one town.
         */
        get: operations["list_units_to_refer_to"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/state-export-profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read State Export Profile
         * @description Read the profile `kim-state-database/1`: every field that can leave, as JSON Schema (2020-12).
         */
        get: operations["read_state_export_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Page[VocabularyRead] */
        VocabularyReadPage: {
            /** Items */
            items: components["schemas"]["VocabularyRead"][];
            /** Next */
            next: string | null;
        };
        /** @description Problem details (RFC 9457). `code` is stable; `detail` is for people. */
        Problem: {
            allowed?: string[];
            /** @description With `area_needed`. */
            areas?: string[];
            /** @description With `rows_hinder`: how many rows are bad. */
            bad?: number;
            /**
             * Format: uuid
             * @description With `counselling_runs`.
             */
            case_id?: string;
            /** @description With `category_not_allowed`: the first of them. */
            category?: string;
            /** @description With `possible_duplicate`: persons whom the caller sees. */
            clients?: string[];
            code: string;
            /** @description With `collisions_undecided`: pairs of periods of which one is believed. */
            collisions?: string[][];
            /** @description Which rule of the database was broken. */
            constraint?: string | null;
            /** @description With 412: what the address, or the nearest one above it, shows now; null where that cannot be read at this moment. */
            current?: unknown;
            /** @description With 412: the version that stands there now. */
            current_version?: number;
            detail?: string;
            /** @description With `rows_hinder`: how many wait for a decision. */
            duplicate?: number;
            /** @description At the token endpoint: the `code`, as RFC 6749 calls it. */
            error?: string;
            /** @description At the token endpoint: the `detail`. */
            error_description?: string;
            errors?: {
                /** @description stable, for programs */
                kind: string;
                /** @description what is expected, for people */
                message: string;
                /** @description body, query, path or header, then the names and positions inside */
                place: string;
            }[];
            followed_by?: string[];
            /** @description With `is_guardian`: who decides as this member of the household. */
            guardians?: string[];
            /** @description With `merged_since`: the merges that are undone before. */
            merges?: string[];
            missing?: string[];
            needs?: {
                message: string;
                missing: string;
                operation: string;
                place: string;
            }[];
            /** @description With `not_mergeable`. */
            obstacles?: string[];
            /** @description With `not_acceptable`: the media types of this address. */
            offered?: string[];
            passages?: {
                end: number;
                kind: string;
                /** @description With `text_identifies`: the field. */
                place?: string;
                start: number;
            }[];
            /** @description With `overlap`: the periods that are in the way. */
            periods?: string[];
            roles?: string[];
            /** @description With `scope_missing`: the scope that opens it; null: none does. */
            scope?: string | null;
            state?: string;
            status: number;
            /** @description With `duty_not_permitted`: the questions whose answers stand against it. */
            stopped_by?: string[];
            /**
             * Format: uuid
             * @description With `has_task`: the task.
             */
            task?: string;
            title: string;
            /**
             * Format: uuid
             * @description With `transfer_under_way`.
             */
            transfer_id?: string;
            type: string;
            /** @description With `offer_not_open`: what the offer is now. */
            why?: string;
            /**
             * Format: date-time
             * @description With `withdrawn_since`: when the client said so.
             */
            withdrawn_at?: string;
        } & {
            [key: string]: unknown;
        };
        /** Page[EntryRead] */
        EntryReadPage: {
            /** Items */
            items: components["schemas"]["EntryRead"][];
            /** Next */
            next: string | null;
        };
        /** Page[ConsentTextRead] */
        ConsentTextReadPage: {
            /** Items */
            items: components["schemas"]["ConsentTextRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * HsdsRoot
         * @description What this API is.
         */
        HsdsRoot: {
            /** Openapi Url */
            openapi_url: string;
            /** Profile */
            profile: string;
            /** Version */
            version: string;
        };
        /** Page[SiteRead] */
        SiteReadPage: {
            /** Items */
            items: components["schemas"]["SiteRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * SiteRead
         * @description A place where an institution is found.
         */
        SiteRead: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Institution Id
             * Format: uuid
             */
            institution_id: string;
            /** Is Active */
            is_active: boolean;
            /** Municipality */
            municipality: string | null;
            /** Name */
            name: string;
            /** Phone */
            phone: string | null;
            /** Postcode */
            postcode: string | null;
            /** Street */
            street: string | null;
            /** Version */
            version: number;
        };
        /**
         * KeySet
         * @description The public keys that verify access tokens, as a JWK set (RFC 7517).
         */
        KeySet: {
            /** Keys */
            keys: components["schemas"]["PublicKey"][];
        };
        /**
         * TokenRead
         * @description An access token of a machine (RFC 6749, 5.1); `expires_in` in seconds.
         */
        TokenRead: {
            /** Access Token */
            access_token: string;
            /** Expires In */
            expires_in: number;
            /** Scope */
            scope: string;
            /**
             * Token Type
             * @enum {string}
             */
            token_type: "Bearer" | "DPoP";
        };
        /** Page[OfferRead] */
        OfferReadPage: {
            /** Items */
            items: components["schemas"]["OfferRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * OfferRead
         * @description An offer; `capacity` is null where nobody has told of free places.
         */
        OfferRead: {
            /** Audience */
            audience: string | null;
            capacity: components["schemas"]["CapacityRead"] | null;
            /** Description */
            description: string | null;
            /** Email */
            email: string | null;
            /** Fees */
            fees: string | null;
            /** Funding Ends On */
            funding_ends_on: string | null;
            /** How To Apply */
            how_to_apply: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Institution Id
             * Format: uuid
             */
            institution_id: string;
            /** Institution Name */
            institution_name: string;
            /** Institution Type */
            institution_type: string;
            /** Languages */
            languages: string[];
            /** Maximum Age */
            maximum_age: number | null;
            /** Minimum Age */
            minimum_age: number | null;
            /** Name */
            name: string;
            /** Opening Hours */
            opening_hours: components["schemas"]["OpeningHoursRead"][];
            /** Phone */
            phone: string | null;
            /** Programme */
            programme: string | null;
            /** Sites */
            sites: components["schemas"]["SiteRead"][];
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "paused" | "ended";
            /** Topics */
            topics: string[];
            /** Url */
            url: string | null;
            /** Version */
            version: number;
        };
        /**
         * CapacityTell
         * @description How many places are free now, and of how many.
         */
        CapacityTell: {
            /** Free Places */
            free_places: number;
            /** Places */
            places?: number | null;
        };
        /** Page[PartnerBarrierRead] */
        PartnerBarrierReadPage: {
            /** Items */
            items: components["schemas"]["PartnerBarrierRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * PartnerBarrierFile
         * @description What stands in the way, without any person: type, where, effect and since.
         *
         *     Where is an institution or a kind of institution, the interface between two legal domains, or both. One
         *     about a referral has no observation: it speaks of somebody.
         */
        PartnerBarrierFile: {
            /** Barrier Type */
            barrier_type: string;
            /** Effect */
            effect: string;
            /** Institution Id */
            institution_id?: string | null;
            /** Institution Type */
            institution_type?: string | null;
            interface?: components["schemas"]["Interface"] | null;
            /**
             * Observation
             * @description A sentence about the system, made to be shared: no names, dates, numbers, addresses.
             */
            observation?: string | null;
            /**
             * Referral Id
             * @description A referral to one's institution that it is about: it becomes a proposal to those who sent it.
             */
            referral_id?: string | null;
            /**
             * Reporting Institution Id
             * @description needed only by who acts for several
             */
            reporting_institution_id?: string | null;
            /**
             * Since
             * Format: date
             */
            since: string;
        };
        /**
         * PartnerBarrierRead
         * @description A report, as the institution that filed it sees it; a withdrawn one has lost its sentence.
         */
        PartnerBarrierRead: {
            /** Barrier Type */
            barrier_type: string;
            /** Effect */
            effect: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Institution Id */
            institution_id: string | null;
            /** Institution Type */
            institution_type: string | null;
            interface: components["schemas"]["InterfaceRead"] | null;
            /** Observation */
            observation: string | null;
            /** Referral Id */
            referral_id: string | null;
            /**
             * Reported On
             * Format: date
             */
            reported_on: string;
            /**
             * Reporting Institution Id
             * Format: uuid
             */
            reporting_institution_id: string;
            /**
             * Since
             * Format: date
             */
            since: string;
            /**
             * State
             * @enum {string}
             */
            state: "received" | "withdrawn";
            /** Version */
            version: number;
        };
        /**
         * PartnerIncomingPage
         * @description A page of the list, or with `since` of the feed.
         */
        PartnerIncomingPage: {
            /** Items */
            items: components["schemas"]["PartnerIncomingSummary"][];
            /**
             * More
             * @description Of the feed: whether there is more at once. Its `next` is never null: ask with it again later.
             */
            more?: boolean;
            /** Next */
            next: string | null;
        };
        /**
         * IncomingRefer
         * @description Refers a person to a unit of KIM: to `unit_id`, or to whoever is responsible for a `municipality`.
         *
         *     It rests on the person's consent, as stated here, or on another legal basis with its necessity.
         */
        IncomingRefer: {
            /**
             * Concerns
             * @description life domains
             */
            concerns: string[];
            consent?: components["schemas"]["ConsentStatement"] | null;
            contact: components["schemas"]["SafeContact"];
            /**
             * Institution Id
             * @description needed only by who acts for several
             */
            institution_id?: string | null;
            /**
             * Legal Basis
             * @default consent
             * @enum {string}
             */
            legal_basis: "consent" | "sgbx_69" | "vital_interest";
            /** Municipality */
            municipality?: string | null;
            /** Necessity */
            necessity?: string | null;
            /**
             * Needs Protection
             * @description Threatened or sheltered: whoever accepts registers a restricted person.
             * @default false
             */
            needs_protection: boolean;
            person: components["schemas"]["PersonReferred"];
            /**
             * Reference
             * @description a sign of your own; never a name
             */
            reference?: string | null;
            /** Text */
            text: string;
            /** Unit Id */
            unit_id?: string | null;
            /**
             * Urgency
             * @default normal
             * @enum {string}
             */
            urgency: "normal" | "urgent";
            /** Urgent Because */
            urgent_because?: ("deadline" | "livelihood" | "housing" | "child" | "emergency") | null;
        };
        /**
         * PartnerIncomingRead
         * @description The same with the messages, and with what was sent while nobody has decided yet.
         */
        PartnerIncomingRead: {
            /** Answered At */
            answered_at: string | null;
            /** Closed At */
            closed_at: string | null;
            /** @description Absent when the unit has decided, or the referral has ended. */
            content?: components["schemas"]["Received"];
            /**
             * Deadline At
             * @description Until when the unit, or after a question the institution, is to answer; null when nobody is to.
             */
            deadline_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Legal Basis
             * @enum {string}
             */
            legal_basis: "consent" | "sgbx_69" | "vital_interest";
            /** Messages */
            messages: components["schemas"]["IncomingMessageRead"][];
            /** Reason */
            reason: ("no_capacity" | "not_responsible" | "not_enough_information" | "no_legal_basis" | "not_disclosed") | null;
            /** Reference */
            reference: string | null;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Sha256 */
            sha256: string;
            /**
             * State
             * @enum {string}
             */
            state: "requested" | "asked" | "accepted" | "rejected" | "withdrawn" | "revoked" | "entered_in_error";
            unit: components["schemas"]["ReferralUnit"];
            /**
             * Urgency
             * @enum {string}
             */
            urgency: "normal" | "urgent";
            /** Version */
            version: number;
            /** Withdraw Reason */
            withdraw_reason: ("no_longer_wanted" | "solved_otherwise" | "referred_elsewhere" | "wrong_unit" | "other") | null;
        };
        /**
         * IncomingReply
         * @description The institution's answer to a question.
         */
        IncomingReply: {
            /** Text */
            text: string;
        };
        /**
         * IncomingWithdraw
         * @description Why it is taken back.
         */
        IncomingWithdraw: {
            /**
             * Reason
             * @enum {string}
             */
            reason: "no_longer_wanted" | "solved_otherwise" | "referred_elsewhere" | "wrong_unit" | "other";
        };
        /** Page[RecallRead] */
        RecallReadPage: {
            /** Items */
            items: components["schemas"]["RecallRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * AccountGiven
         * @description What became of the data: deleted, on which day; or kept, for which reason and by which rule.
         */
        AccountGiven: {
            /**
             * Account
             * @enum {string}
             */
            account: "deleted" | "kept";
            /** Deleted On */
            deleted_on?: string | null;
            /** Kept Reason */
            kept_reason?: ("statutory_retention" | "own_legal_basis" | "legal_claims" | "other") | null;
            /**
             * Norm
             * @description The rule it rests on, such as `§ 84 SGB X`; nothing about the person.
             */
            norm?: string | null;
        };
        /**
         * RecallRead
         * @description What a recipient was asked after the consent had ended, and what it has said.
         */
        RecallRead: {
            /** Account */
            account: ("deleted" | "kept") | null;
            /** Acknowledged At */
            acknowledged_at: string | null;
            /** Answered At */
            answered_at: string | null;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
            /** Deleted On */
            deleted_on: string | null;
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /**
             * Id
             * Format: uuid
             * @description That of the referral.
             */
            id: string;
            /**
             * Institution Id
             * Format: uuid
             */
            institution_id: string;
            /** Is On Platform */
            is_on_platform: boolean;
            /** Kept Reason */
            kept_reason: ("statutory_retention" | "own_legal_basis" | "legal_claims" | "other") | null;
            /** Norm */
            norm: string | null;
            /**
             * Reason
             * @enum {string}
             */
            reason: "consent_withdrawn" | "consent_ended";
            /** Source */
            source: ("client" | "accompanied" | "phone" | "letter" | "email") | null;
            /** Version */
            version: number;
        };
        /**
         * PartnerReferralPage
         * @description A page of the list, or with `since` of the feed.
         */
        PartnerReferralPage: {
            /** Items */
            items: (components["schemas"]["PartnerReferralSummary"] | components["schemas"]["PartnerReferralLost"])[];
            /**
             * More
             * @description Of the feed: whether there is more at once. Its `next` is never null: ask with it again later.
             */
            more?: boolean;
            /** Next */
            next: string | null;
        };
        /**
         * PartnerBatch
         * @description Steps to take one after the other.
         */
        PartnerBatch: {
            /** Items */
            items: (components["schemas"]["SimpleItem"] | components["schemas"]["RejectItem"] | components["schemas"]["HoldItem"] | components["schemas"]["OutcomeItem"] | components["schemas"]["CancelItem"])[];
        };
        /**
         * BatchRead
         * @description What came of each step, in their order.
         */
        BatchRead: {
            /** Items */
            items: (components["schemas"]["BatchTaken"] | components["schemas"]["BatchRefused"])[];
        };
        /**
         * PartnerReferralRead
         * @description A referral as the institution sees it: the frozen package and its own steps.
         */
        PartnerReferralRead: {
            /** Cancel Reason */
            cancel_reason: ("no_longer_wanted" | "solved_otherwise" | "wrong_recipient" | "duplicate" | "could_not_contact" | "other") | "not_disclosed" | null;
            /**
             * Channel
             * @constant
             */
            channel: "platform";
            /** @description Absent while the package cannot be read: rejected, expired, ended, or the consent has run out. */
            concern?: components["schemas"]["ConcernRead"];
            /** Deadline At */
            deadline_at: string | null;
            delivery: components["schemas"]["Delivery"];
            /** Hold Reason */
            hold_reason: ("waiting_for_client" | "waiting_for_documents" | "waiting_for_third_party" | "capacity" | "other") | "not_disclosed" | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * In Charge
             * @description Who of the institution is in charge of it, as it is now; absent for machines. No news in the feed.
             */
            in_charge?: string | null;
            /**
             * Last Message At
             * @description When something was last said on it (`.../messages`).
             */
            last_message_at: string | null;
            /**
             * Not Kept
             * @description Why the outcome or reason that was sent, with any text, did not reach the sender. Null: outcome and reason did; a text beside a reason of the institution's own may still have been dropped.
             */
            not_kept: "feedback_not_agreed" | null;
            /** @description The institution's offer that is meant; null: none. Absent with the concern. */
            offer?: components["schemas"]["OfferNamed"] | null;
            /**
             * Outcome
             * @description As the sender may know it: `not_disclosed` without a consent to feedback.
             */
            outcome: string | null;
            package?: components["schemas"]["PackageContent"];
            /** Package Sha256 */
            package_sha256?: string;
            /**
             * Readable Until
             * @description When the consent behind the package ends, and the reading with it; null: it has no such end.
             */
            readable_until?: string | null;
            /** Rejection Reason */
            rejection_reason: string | null;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Revocation Acknowledged At */
            revocation_acknowledged_at: string | null;
            /**
             * Site Id
             * @description The site of the institution that it is for; null: the whole institution.
             */
            site_id: string | null;
            state: components["schemas"]["Task"];
            /** Unit Name */
            unit_name: string;
            /**
             * Urgency
             * @enum {string}
             */
            urgency: "normal" | "urgent";
            /** Version */
            version: number;
        };
        /**
         * PartnerReferralTaken
         * @description The referral after a step of the institution, with the receipt of the step.
         */
        PartnerReferralTaken: {
            /** Cancel Reason */
            cancel_reason: ("no_longer_wanted" | "solved_otherwise" | "wrong_recipient" | "duplicate" | "could_not_contact" | "other") | "not_disclosed" | null;
            /**
             * Channel
             * @constant
             */
            channel: "platform";
            /** @description Absent while the package cannot be read: rejected, expired, ended, or the consent has run out. */
            concern?: components["schemas"]["ConcernRead"];
            /** Deadline At */
            deadline_at: string | null;
            delivery: components["schemas"]["Delivery"];
            /** Hold Reason */
            hold_reason: ("waiting_for_client" | "waiting_for_documents" | "waiting_for_third_party" | "capacity" | "other") | "not_disclosed" | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * In Charge
             * @description Who of the institution is in charge of it, as it is now; absent for machines. No news in the feed.
             */
            in_charge?: string | null;
            /**
             * Last Message At
             * @description When something was last said on it (`.../messages`).
             */
            last_message_at: string | null;
            /**
             * Not Kept
             * @description Why the outcome or reason that was sent, with any text, did not reach the sender. Null: outcome and reason did; a text beside a reason of the institution's own may still have been dropped.
             */
            not_kept: "feedback_not_agreed" | null;
            /** @description The institution's offer that is meant; null: none. Absent with the concern. */
            offer?: components["schemas"]["OfferNamed"] | null;
            /**
             * Outcome
             * @description As the sender may know it: `not_disclosed` without a consent to feedback.
             */
            outcome: string | null;
            package?: components["schemas"]["PackageContent"];
            /** Package Sha256 */
            package_sha256?: string;
            /**
             * Readable Until
             * @description When the consent behind the package ends, and the reading with it; null: it has no such end.
             */
            readable_until?: string | null;
            /**
             * Receipt
             * @description A compact JWS (ES256, `typ` kim-receipt+jwt) that the keys of `/v1/keys` verify.
             */
            receipt: string;
            /** Rejection Reason */
            rejection_reason: string | null;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Revocation Acknowledged At */
            revocation_acknowledged_at: string | null;
            /**
             * Site Id
             * @description The site of the institution that it is for; null: the whole institution.
             */
            site_id: string | null;
            state: components["schemas"]["Task"];
            /** Unit Name */
            unit_name: string;
            /**
             * Urgency
             * @enum {string}
             */
            urgency: "normal" | "urgent";
            /** Version */
            version: number;
        };
        /**
         * PartnerReferralStep
         * @description The same, with the receipt of the step.
         */
        PartnerReferralStep: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Not Kept
             * @description As in the answer to whoever may read it.
             */
            not_kept: "feedback_not_agreed" | null;
            /**
             * Receipt
             * @description A compact JWS (ES256, `typ` kim-receipt+jwt) that the keys of `/v1/keys` verify.
             */
            receipt: string;
            state: components["schemas"]["Task"];
            /** Version */
            version: number;
        };
        /**
         * PartnerCancel
         * @description Why it ends.
         */
        PartnerCancel: {
            /**
             * Reason
             * @enum {string}
             */
            reason: "no_longer_wanted" | "solved_otherwise" | "wrong_recipient" | "duplicate" | "could_not_contact" | "other";
        };
        /**
         * ReferralOutcome
         * @description What came of it; reaches the sender only if the client agreed to feedback.
         */
        ReferralOutcome: {
            /** Outcome */
            outcome: string;
            /** Text */
            text?: string | null;
        };
        /**
         * PartnerMessageRead
         * @description A message as the institution sees it.
         */
        PartnerMessageRead: {
            /**
             * Answers Id
             * @description The information request that it answers.
             */
            answers_id: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Attachments */
            attachments: components["schemas"]["PartnerAttachmentRead"][];
            /** Closed At */
            closed_at: string | null;
            /** Code */
            code: ("taken_note" | "please_call" | "how_does_it_stand" | "new_referral_follows" | "takes_longer") | null;
            /**
             * Data Categories
             * @description What a text of the sender tells of; of a request, what it asks for.
             */
            data_categories: string[];
            /** Decline Reason */
            decline_reason: ("not_covered" | "not_known" | "not_necessary" | "ask_the_client") | null;
            /** Due At */
            due_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "message" | "information_request" | "file";
            /**
             * Read At
             * @description When the other side read it first.
             */
            read_at: string | null;
            /**
             * Referral Id
             * Format: uuid
             */
            referral_id: string;
            /**
             * Result
             * @description Of an answer: whether the request is answered by it, cannot be answered, or may not be.
             */
            result: ("answered" | "cannot_be_answered" | "not_allowed") | null;
            /**
             * Side
             * @enum {string}
             */
            side: "sender" | "recipient";
            /**
             * State
             * @description Of an information request.
             */
            state: ("open" | "answered" | "declined" | "withdrawn") | null;
            /** Text */
            text: string | null;
        };
        /**
         * ReferralHold
         * @description What it waits for.
         */
        ReferralHold: {
            /**
             * Reason
             * @enum {string}
             */
            reason: "waiting_for_client" | "waiting_for_documents" | "waiting_for_third_party" | "capacity" | "other";
        };
        /** Page[PartnerMessageRead] */
        PartnerMessageReadPage: {
            /** Items */
            items: components["schemas"]["PartnerMessageRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * InformationAsk
         * @description What more is needed, by data category; in words only with a consent to feedback.
         */
        InformationAsk: {
            /** Data Categories */
            data_categories: string[];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "information_request";
            /** Text */
            text?: string | null;
        };
        /**
         * PartnerWord
         * @description A coded word that tells of nobody, or with a consent to feedback a text.
         */
        PartnerWord: {
            /** Code */
            code?: ("taken_note" | "please_call" | "takes_longer") | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "message";
            /** Text */
            text?: string | null;
        };
        /**
         * PartnerMessageMarked
         * @description That a message was marked or taken back: all that a machine without `referrals:read` is told of it.
         */
        PartnerMessageMarked: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Read At */
            read_at: string | null;
            /**
             * Referral Id
             * Format: uuid
             */
            referral_id: string;
            /**
             * State
             * @description Of an information request.
             */
            state: ("open" | "answered" | "declined" | "withdrawn") | null;
        };
        /** Page[ReceiptRead] */
        ReceiptReadPage: {
            /** Items */
            items: components["schemas"]["ReceiptRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * ReferralReject
         * @description Why not. Words, and a reason that tells of the client, reach the sender only if the client agreed to
         *     feedback.
         */
        ReferralReject: {
            /** Reason */
            reason: string;
            /** Text */
            text?: string | null;
        };
        /**
         * ReferralReturn
         * @description Who is responsible instead; reaches the sender only if the client agreed to feedback.
         */
        ReferralReturn: {
            /**
             * Suggested Type
             * @description A kind of institution (vocabulary `institution_type`).
             */
            suggested_type?: string | null;
            /** Text */
            text?: string | null;
        };
        /** Page[PartnerStateExportRead] */
        PartnerStateExportReadPage: {
            /** Items */
            items: components["schemas"]["PartnerStateExportRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * PartnerStateExportManifest
         * @description The same with a signature over it.
         */
        PartnerStateExportManifest: {
            /** Acknowledged At */
            acknowledged_at: string | null;
            /**
             * Composed At
             * Format: date-time
             */
            composed_at: string;
            /** Fetched At */
            fetched_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Keep Until
             * Format: date-time
             * @description 14 days after composing until it was fetched, then no later than the first consent in it ends.
             */
            keep_until: string;
            /**
             * Manifest
             * @description A compact JWS (ES256, `typ` `kim-state-export+jwt`), verified with the published keys; null until the file was fetched.
             */
            manifest: string | null;
            /** Municipal Area Id */
            municipal_area_id: string;
            /** Persons */
            persons: number | null;
            /**
             * Profile
             * @constant
             */
            profile: "kim-state-database/1";
            /** Quarter */
            quarter: string;
            /** Sha256 */
            sha256: string | null;
            /** Size Bytes */
            size_bytes: number | null;
            /** Withdrawals */
            withdrawals: number | null;
        };
        /**
         * StateExportAcknowledge
         * @description That the file arrived whole and that everybody whom it names as withdrawn was deleted.
         */
        StateExportAcknowledge: {
            /** Sha256 */
            sha256: string;
            /**
             * Withdrawals Deleted
             * @description As many as the manifest names.
             */
            withdrawals_deleted: number;
        };
        /** Page[ReferralUnitRead] */
        ReferralUnitReadPage: {
            /** Items */
            items: components["schemas"]["ReferralUnitRead"][];
            /** Next */
            next: string | null;
        };
        /**
         * ReferralUnitRead
         * @description A unit to which institutions can refer somebody, and within how many days it answers. No persons.
         */
        ReferralUnitRead: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Sgb Body */
            is_sgb_body: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "ki" | "town" | "welfare" | "authority" | "state";
            /** Municipality */
            municipality: string | null;
            /** Name */
            name: string;
            /** Referral Days */
            referral_days: number;
            /** Urgent Referral Days */
            urgent_referral_days: number;
        };
        /**
         * PartnerStateExportRead
         * @description A file as its recipient sees it.
         *
         *     `persons`, `withdrawals`, `size_bytes` and `sha256` are null until it was fetched: they would tell of
         *     somebody who withdraws before.
         */
        PartnerStateExportRead: {
            /** Acknowledged At */
            acknowledged_at: string | null;
            /**
             * Composed At
             * Format: date-time
             */
            composed_at: string;
            /** Fetched At */
            fetched_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Keep Until
             * Format: date-time
             * @description 14 days after composing until it was fetched, then no later than the first consent in it ends.
             */
            keep_until: string;
            /** Municipal Area Id */
            municipal_area_id: string;
            /** Persons */
            persons: number | null;
            /**
             * Profile
             * @constant
             */
            profile: "kim-state-database/1";
            /** Quarter */
            quarter: string;
            /** Sha256 */
            sha256: string | null;
            /** Size Bytes */
            size_bytes: number | null;
            /** Withdrawals */
            withdrawals: number | null;
        };
        /**
         * ReceiptRead
         * @description One step, and the signed receipt of it.
         */
        ReceiptRead: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Number */
            number: number;
            /**
             * Receipt
             * @description A compact JWS (ES256, `typ` kim-receipt+jwt) that the keys of `/v1/keys` verify.
             */
            receipt: string;
            state: components["schemas"]["Task"];
            step: components["schemas"]["ReferralsStep"];
        };
        /**
         * Task
         * @description Where the work stands.
         * @enum {string}
         */
        Task: "draft" | "requested" | "accepted" | "rejected" | "in_progress" | "on_hold" | "completed" | "failed" | "cancelled" | "revoked" | "expired" | "entered_in_error";
        /**
         * Step
         * @description The verbs, as they stand in the paths.
         * @enum {string}
         */
        ReferralsStep: "draft" | "send" | "send-back" | "accept" | "reject" | "start" | "hold" | "resume" | "complete" | "fail" | "cancel" | "enter-in-error" | "revoke" | "expire" | "record-delivery" | "fetched" | "acknowledge-revocation";
        /**
         * PartnerAttachmentRead
         * @description A file that went with a message: the sender's lies under `.../messages/{id}/attachments/{id}`.
         *
         *     What the institution sent itself is listed here and stays with the team.
         */
        PartnerAttachmentRead: {
            /** Category */
            category: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "pdf" | "jpeg" | "png" | "tiff" | "docx" | "xlsx" | "odt" | "ods" | "text";
            /** Sha256 */
            sha256: string;
            /** Size Bytes */
            size_bytes: number;
        };
        /**
         * ConcernRead
         * @description What is asked for: a code for authorities of residence law, words for everybody else.
         */
        ConcernRead: {
            /** Code */
            code: string | null;
            /** Text */
            text: string | null;
        };
        /**
         * Delivery
         * @description Where the package is.
         * @enum {string}
         */
        Delivery: "queued" | "offered" | "fetched" | "expired";
        /**
         * OfferNamed
         * @description An offer of the directory; the id is also that of its HSDS service.
         */
        OfferNamed: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * PackageContent
         * @description What the recipient reads: the concern, and by category the client's data.
         */
        PackageContent: {
            concern: components["schemas"]["ConcernRead"];
            data: components["schemas"]["PackageData"];
            /**
             * Disputed
             * @description By category the fields of `data` that the person says are wrong (§ 84 (2) SGB X): told, and not to be relied on. In older packages `residence_documents` and `addresses` stand for all of `residence` and `housing`.
             */
            disputed: {
                [key: string]: string[];
            };
            /** @description The offer that is meant; absent where none is. */
            offer?: components["schemas"]["OfferNamed"];
        };
        /**
         * PackageData
         * @description What is told of the person, by data category.
         */
        PackageData: {
            benefits?: components["schemas"]["PackagedBenefits"];
            contact?: components["schemas"]["PackagedContact"];
            education_language?: components["schemas"]["PackagedEducation"];
            household?: components["schemas"]["PackagedHousehold"];
            housing?: components["schemas"]["PackagedHousing"];
            master_data?: components["schemas"]["PackagedMasterData"];
            residence?: components["schemas"]["PackagedResidence"];
            work?: components["schemas"]["PackagedWork"];
        };
        /**
         * PackagedBenefits
         * @description What runs today.
         */
        PackagedBenefits: {
            /** Current */
            current?: components["schemas"]["PackagedBenefit"][];
        };
        /**
         * PackagedContact
         * @description The safe ways to reach the person: what is absent here is not to be tried from elsewhere.
         */
        PackagedContact: {
            /** @description Where letters may go; absent also where none may. */
            address?: components["schemas"]["PackagedAddress"];
            /**
             * Channels
             * @description Only these ways are safe. Absent: nothing was said, and what stands here may be used.
             */
            channels?: ("phone" | "sms" | "messenger" | "email" | "post" | "in_person")[];
            /** Email */
            email?: string;
            /** Language */
            language?: string;
            /** Needs Interpreter */
            needs_interpreter?: boolean;
            /**
             * No Interpreter Of Same Circle
             * @description No interpreter of the person's own circle.
             * @constant
             */
            no_interpreter_of_same_circle?: true;
            /**
             * No Voicemail
             * @description No message on a mailbox: somebody else may hear it.
             * @constant
             */
            no_voicemail?: true;
            /**
             * Phone
             * @description For what `channels` names of `phone`, `sms` and `messenger`: with `sms` alone nobody calls.
             */
            phone?: string;
            /**
             * Times
             * @description When the person can be reached, in words.
             */
            times?: string;
        };
        /**
         * PackagedEducation
         * @description Languages and school.
         */
        PackagedEducation: {
            /** Languages */
            languages?: components["schemas"]["PackagedLanguage"][];
            /** Literacy */
            literacy?: string;
            /** Schooling */
            schooling?: components["schemas"]["PackagedSchooling"][];
        };
        /**
         * PackagedHousehold
         * @description The household, without those who are kept apart.
         */
        PackagedHousehold: {
            /** Household Type */
            household_type?: string;
            /** Members */
            members?: components["schemas"]["PackagedMember"][];
        };
        /**
         * PackagedHousing
         * @description Addresses of today; of somebody who is hidden without a place.
         */
        PackagedHousing: {
            actual?: components["schemas"]["PackagedDwelling"];
            registered?: components["schemas"]["PackagedDwelling"];
        };
        /**
         * PackagedMasterData
         * @description Who it is.
         */
        PackagedMasterData: {
            /**
             * Birth Date
             * Format: date
             * @description With `birth_precision` a day that stands for a month or a year, and is not the day of birth.
             */
            birth_date?: string;
            /**
             * Birth Precision
             * @description Absent: the birth date is exact, or there is none.
             * @enum {string}
             */
            birth_precision?: "month" | "year" | "unknown";
            /** Former Names */
            former_names?: string[];
            /** Marital Status */
            marital_status?: string;
            name?: components["schemas"]["PackagedName"];
            /**
             * Nationalities
             * @description The most important first.
             */
            nationalities?: string[];
            /** Other Names */
            other_names?: string[];
            /**
             * Sex
             * @enum {string}
             */
            sex?: "m" | "w" | "d" | "x";
        };
        /**
         * PackagedResidence
         * @description Residence: a title, a certificate, or both.
         */
        PackagedResidence: {
            certificate?: components["schemas"]["PackagedDocument"];
            title?: components["schemas"]["PackagedDocument"];
        };
        /**
         * PackagedWork
         * @description What the titles and certificates that run today say of work.
         */
        PackagedWork: {
            /** Work Permissions */
            work_permissions?: string[];
        };
        /**
         * PackagedDocument
         * @description A residence title or certificate that runs today.
         */
        PackagedDocument: {
            /** Continued Effect */
            continued_effect?: string;
            /**
             * Continued Until
             * Format: date
             */
            continued_until?: string;
            /** Eu Ground */
            eu_ground?: string;
            /** Has Residence Obligation */
            has_residence_obligation?: boolean;
            /**
             * Printed End
             * Format: date
             * @description The end on the paper; with `continued_effect` it holds on.
             */
            printed_end?: string;
            /** Residence Group */
            residence_group?: string;
            /** Residence Obligation Place */
            residence_obligation_place?: string;
            /**
             * Residence Obligation Until
             * Format: date
             */
            residence_obligation_until?: string;
            /**
             * Residence Status
             * @description Absent where the status itself tells too much: then its group stands alone.
             */
            residence_status?: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from?: string;
            /** Work Permission */
            work_permission?: string;
        };
        /**
         * PackagedName
         * @description A name.
         */
        PackagedName: {
            /** Family */
            family: string;
            /** Given */
            given: string;
        };
        /**
         * PackagedDwelling
         * @description Where the person is registered or lives.
         */
        PackagedDwelling: {
            /** Care Of */
            care_of?: string;
            /** Housing Type */
            housing_type?: string;
            /** Postcode */
            postcode?: string;
            /** Street */
            street?: string;
            /** Town */
            town?: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from?: string;
        };
        /**
         * PackagedMember
         * @description Somebody of the household. Not everybody need stand here.
         */
        PackagedMember: {
            /** Birth Year */
            birth_year?: number;
            /** Name */
            name: string;
            /**
             * Relation
             * @description What they are to the person.
             */
            relation: string;
        };
        /**
         * PackagedLanguage
         * @description What the person masters of a language.
         */
        PackagedLanguage: {
            /** Evidence */
            evidence?: string;
            /** Is Native */
            is_native: boolean;
            /** Language */
            language: string;
            /** Listening */
            listening?: string;
            /** Overall */
            overall?: string;
            /** Reading */
            reading?: string;
            /** Speaking */
            speaking?: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from?: string;
            /** Writing */
            writing?: string;
        };
        /**
         * PackagedSchooling
         * @description A step of the way into school that runs today.
         */
        PackagedSchooling: {
            /** School */
            school?: string;
            /** School Step */
            school_step: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from?: string;
        };
        /**
         * PackagedAddress
         * @description An address, as far as it may be told.
         */
        PackagedAddress: {
            /** Care Of */
            care_of?: string;
            /** Postcode */
            postcode?: string;
            /** Street */
            street?: string;
            /** Town */
            town?: string;
        };
        /**
         * PackagedBenefit
         * @description A benefit, or what the person lives on.
         */
        PackagedBenefit: {
            /** Legal Domain */
            legal_domain?: string;
            /** Livelihood */
            livelihood?: string;
            /** Strand */
            strand: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from?: string;
        };
        /**
         * BatchTaken
         * @description A step that was taken, now or when the batch was sent first; state and version are those of now.
         */
        BatchTaken: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Not Kept
             * @description As in the answer of the step's own address.
             */
            not_kept: "feedback_not_agreed" | null;
            /** Receipt */
            receipt: string;
            state: components["schemas"]["Task"];
            /**
             * Status
             * @constant
             */
            status: 200;
            /** Version */
            version: number;
        };
        /**
         * BatchRefused
         * @description A step that was not taken, and why: what its own address would have answered.
         */
        BatchRefused: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Problem
             * @description Problem details, in the one shape of every refusal (`Problem` of the contract).
             */
            problem: {
                [key: string]: unknown;
            };
            /** Status */
            status: number;
        };
        /**
         * SimpleItem
         * @description A step that needs nothing beside itself.
         */
        SimpleItem: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            step: "accept" | "acknowledge-revocation" | "fetched" | "resume" | "start";
            /**
             * Version
             * @description The version that was read, as If-Match says it elsewhere.
             */
            version: number;
        };
        /**
         * CancelItem
         * @description Give one back.
         */
        CancelItem: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Reason
             * @enum {string}
             */
            reason: "no_longer_wanted" | "solved_otherwise" | "wrong_recipient" | "duplicate" | "could_not_contact" | "other";
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            step: "cancel";
            /**
             * Version
             * @description The version that was read, as If-Match says it elsewhere.
             */
            version: number;
        };
        /**
         * OutcomeItem
         * @description Finish one, or end it without success.
         */
        OutcomeItem: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Outcome */
            outcome: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            step: "complete" | "fail";
            /** Text */
            text?: string | null;
            /**
             * Version
             * @description The version that was read, as If-Match says it elsewhere.
             */
            version: number;
        };
        /**
         * HoldItem
         * @description Let one wait.
         */
        HoldItem: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Reason
             * @enum {string}
             */
            reason: "waiting_for_client" | "waiting_for_documents" | "waiting_for_third_party" | "capacity" | "other";
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            step: "hold";
            /**
             * Version
             * @description The version that was read, as If-Match says it elsewhere.
             */
            version: number;
        };
        /**
         * RejectItem
         * @description Reject one.
         */
        RejectItem: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Reason */
            reason: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            step: "reject";
            /** Text */
            text?: string | null;
            /**
             * Version
             * @description The version that was read, as If-Match says it elsewhere.
             */
            version: number;
        };
        /**
         * PartnerReferralSummary
         * @description A referral in the institution's list; only its tombstone where the package cannot be read.
         */
        PartnerReferralSummary: {
            /** @description Absent while the package cannot be read: rejected, expired, ended, or the consent has run out. */
            concern?: components["schemas"]["ConcernRead"];
            /** Deadline At */
            deadline_at: string | null;
            delivery: components["schemas"]["Delivery"];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * In Charge
             * @description Who of the institution is in charge of it, as it is now; absent for machines. No news in the feed.
             */
            in_charge?: string | null;
            /**
             * Last Message At
             * @description When something was last said on it (`.../messages`).
             */
            last_message_at: string | null;
            /** @description The institution's offer that is meant; null: none. Absent with the concern. */
            offer?: components["schemas"]["OfferNamed"] | null;
            /**
             * Readable Until
             * @description When the consent behind the package ends, and the reading with it; null: it has no such end.
             */
            readable_until?: string | null;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /**
             * Site Id
             * @description The site of the institution that it is for; null: the whole institution.
             */
            site_id: string | null;
            state: components["schemas"]["Task"];
            /** Unit Name */
            unit_name: string;
            /**
             * Urgency
             * @enum {string}
             */
            urgency: "normal" | "urgent";
            /** Version */
            version: number;
        };
        /**
         * PartnerReferralLost
         * @description A referral that went out of sight: revoked, entered in error, or cancelled before an answer.
         *
         *     Delete what was taken over of it; its own address says which it was, and takes the acknowledgement.
         */
        PartnerReferralLost: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Lost
             * @constant
             */
            lost: true;
        };
        /**
         * Received
         * @description What was received, exactly as it came.
         */
        Received: {
            /** Concerns */
            concerns: string[];
            consent: components["schemas"]["ConsentReceived"] | null;
            contact: components["schemas"]["ContactReceived"];
            /**
             * Legal Basis
             * @enum {string}
             */
            legal_basis: "consent" | "sgbx_69" | "vital_interest";
            /** Necessity */
            necessity: string | null;
            /** Needs Protection */
            needs_protection: boolean;
            person: components["schemas"]["PersonReceived"];
            /** Text */
            text: string;
            /**
             * Urgency
             * @enum {string}
             */
            urgency: "normal" | "urgent";
            /** Urgent Because */
            urgent_because: ("deadline" | "livelihood" | "housing" | "child" | "emergency") | null;
        };
        /**
         * IncomingMessageRead
         * @description A question, a reply, or what was said with a rejection.
         */
        IncomingMessageRead: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Question */
            question: ("person" | "reachability" | "language" | "concern" | "urgency" | "guardian" | "consent" | "other") | null;
            /**
             * Side
             * @enum {string}
             */
            side: "institution" | "unit";
            /**
             * Step
             * @enum {string}
             */
            step: "ask" | "reply" | "reject";
            /** Text */
            text: string | null;
        };
        /**
         * ReferralUnit
         * @description A unit by name.
         */
        ReferralUnit: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * ConsentReceived
         * @description The statement of consent, as the institution wrote it.
         */
        ConsentReceived: {
            /** Circumstance */
            circumstance: string | null;
            /** Covers */
            covers: string[];
            /**
             * Form
             * @enum {string}
             */
            form: "written" | "electronic" | "spoken";
            /**
             * Given By
             * @enum {string}
             */
            given_by: "client" | "guardian" | "minor_with_capacity";
            /** Language */
            language: string;
            /** Obtained By */
            obtained_by: string;
            /**
             * Obtained On
             * Format: date
             */
            obtained_on: string;
            /**
             * Was Told How To Withdraw
             * @constant
             */
            was_told_how_to_withdraw: true;
        };
        /**
         * ContactReceived
         * @description How to reach the person, as the institution wrote it.
         */
        ContactReceived: {
            /** Channels */
            channels: ("phone" | "sms" | "messenger" | "email" | "post" | "in_person")[] | null;
            /** Email */
            email: string | null;
            /** In Words */
            in_words: string | null;
            /** Must Not Learn */
            must_not_learn: string | null;
            /** No Interpreter Of Same Circle */
            no_interpreter_of_same_circle: boolean;
            /** No Post */
            no_post: boolean;
            /** No Voicemail */
            no_voicemail: boolean;
            /** Phone */
            phone: string | null;
            /** Times */
            times: string | null;
        };
        /**
         * PersonReceived
         * @description The person, as the institution wrote it.
         */
        PersonReceived: {
            /** Birth Date */
            birth_date: string | null;
            /** Birth Year */
            birth_year: number | null;
            /** Family Name */
            family_name: string;
            /** Given Name */
            given_name: string;
            guardian: components["schemas"]["GuardianReceived"] | null;
            /** Language */
            language: string;
            /** Needs Interpreter */
            needs_interpreter: boolean | null;
        };
        /**
         * GuardianReceived
         * @description Who decides for a person under age, as the institution wrote it.
         */
        GuardianReceived: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "parent" | "guardian" | "supplementary_guardian" | "taken_into_care";
            /** Name */
            name: string;
            /** Reachable */
            reachable: string | null;
        };
        /**
         * ConsentStatement
         * @description What the institution states about the person's consent: who obtained it, when, how, for what.
         *
         *     `covers` names at least `master_data` and `contact`, and the category of every concern; special
         *     categories are never covered by word of mouth.
         */
        ConsentStatement: {
            /**
             * Circumstance
             * @description Why it was only spoken, or why a minor grasps what it means.
             */
            circumstance?: string | null;
            /**
             * Covers
             * @description data categories
             */
            covers: string[];
            /**
             * Form
             * @enum {string}
             */
            form: "written" | "electronic" | "spoken";
            /**
             * Given By
             * @default client
             * @enum {string}
             */
            given_by: "client" | "guardian" | "minor_with_capacity";
            /** Language */
            language: string;
            /** Obtained By */
            obtained_by: string;
            /**
             * Obtained On
             * Format: date
             */
            obtained_on: string;
            /**
             * Was Told How To Withdraw
             * @constant
             */
            was_told_how_to_withdraw: true;
        };
        /**
         * SafeContact
         * @description How the person can be reached without harm; at least one of telephone, e-mail and in words.
         */
        SafeContact: {
            /** Channels */
            channels?: ("phone" | "sms" | "messenger" | "email" | "post" | "in_person")[] | null;
            /** Email */
            email?: string | null;
            /** In Words */
            in_words?: string | null;
            /**
             * Must Not Learn
             * @description Who must not learn of it.
             */
            must_not_learn?: string | null;
            /**
             * No Interpreter Of Same Circle
             * @default false
             */
            no_interpreter_of_same_circle: boolean;
            /**
             * No Post
             * @default false
             */
            no_post: boolean;
            /**
             * No Voicemail
             * @default false
             */
            no_voicemail: boolean;
            /** Phone */
            phone?: string | null;
            /** Times */
            times?: string | null;
        };
        /**
         * PersonReferred
         * @description The least by which a person is found and spoken to: a name, a birth date or a year, a language.
         */
        PersonReferred: {
            /** Birth Date */
            birth_date?: string | null;
            /** Birth Year */
            birth_year?: number | null;
            /** Family Name */
            family_name: string;
            /** Given Name */
            given_name: string;
            guardian?: components["schemas"]["GuardianNamed"] | null;
            /** Language */
            language: string;
            /** Needs Interpreter */
            needs_interpreter?: boolean | null;
        };
        /**
         * GuardianNamed
         * @description Who decides for a person under age, as the institution knows it.
         */
        GuardianNamed: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "parent" | "guardian" | "supplementary_guardian" | "taken_into_care";
            /** Name */
            name: string;
            /** Reachable */
            reachable?: string | null;
        };
        /**
         * PartnerIncomingSummary
         * @description Where a referral to KIM stands; never what became of the person.
         */
        PartnerIncomingSummary: {
            /** Answered At */
            answered_at: string | null;
            /** Closed At */
            closed_at: string | null;
            /**
             * Deadline At
             * @description Until when the unit, or after a question the institution, is to answer; null when nobody is to.
             */
            deadline_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Legal Basis
             * @enum {string}
             */
            legal_basis: "consent" | "sgbx_69" | "vital_interest";
            /** Reason */
            reason: ("no_capacity" | "not_responsible" | "not_enough_information" | "no_legal_basis" | "not_disclosed") | null;
            /** Reference */
            reference: string | null;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Sha256 */
            sha256: string;
            /**
             * State
             * @enum {string}
             */
            state: "requested" | "asked" | "accepted" | "rejected" | "withdrawn" | "revoked" | "entered_in_error";
            unit: components["schemas"]["ReferralUnit"];
            /**
             * Urgency
             * @enum {string}
             */
            urgency: "normal" | "urgent";
            /** Version */
            version: number;
            /** Withdraw Reason */
            withdraw_reason: ("no_longer_wanted" | "solved_otherwise" | "referred_elsewhere" | "wrong_unit" | "other") | null;
        };
        /**
         * InterfaceRead
         * @description The two legal domains between which something was lost.
         */
        InterfaceRead: {
            /** From Legal Domain */
            from_legal_domain: string;
            /** To Legal Domain */
            to_legal_domain: string;
        };
        /**
         * Interface
         * @description The two legal domains between which something was lost.
         */
        Interface: {
            /** From Legal Domain */
            from_legal_domain: string;
            /** To Legal Domain */
            to_legal_domain: string;
        };
        /**
         * CapacityRead
         * @description What was told last.
         */
        CapacityRead: {
            /** Free Places */
            free_places: number;
            /** Places */
            places: number | null;
            /**
             * Told At
             * Format: date-time
             */
            told_at: string;
        };
        /**
         * OpeningHoursRead
         * @description When one finds somebody.
         */
        OpeningHoursRead: {
            /** Closes */
            closes: string;
            /** Days */
            days: ("MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")[];
            /** Opens */
            opens: string;
        };
        /**
         * PublicKey
         * @description A public key on the curve P-256 as a JWK (RFC 7518).
         */
        PublicKey: {
            /**
             * Alg
             * @constant
             */
            alg: "ES256";
            /**
             * Crv
             * @constant
             */
            crv: "P-256";
            /** Kid */
            kid: string;
            /**
             * Kty
             * @constant
             */
            kty: "EC";
            /**
             * Use
             * @constant
             */
            use: "sig";
            /** X */
            x: string;
            /** Y */
            y: string;
        };
        /**
         * ConsentTextRead
         * @description The words that are explained for one purpose, in one language and version.
         */
        ConsentTextRead: {
            /** Language */
            language: string;
            /** Purpose */
            purpose: string;
            /** Sha256 */
            sha256: string;
            /** Text */
            text: string;
            /** Version */
            version: string;
        };
        /**
         * EntryRead
         * @description One code; `label` is in the language asked for.
         */
        EntryRead: {
            /** Attributes */
            attributes: {
                [key: string]: string | boolean | number | string[] | null;
            };
            /** Code */
            code: string;
            /** Label */
            label: string;
            /** Label De */
            label_de: string;
            /** Label En */
            label_en: string;
            /** Note */
            note: string | null;
            /**
             * Parent
             * @description a code of the vocabulary above, say of the category of a type
             */
            parent: string | null;
            /** Valid From */
            valid_from: string | null;
            /**
             * Valid To
             * @description the last day on which it can be chosen
             */
            valid_to: string | null;
        };
        /**
         * VocabularyRead
         * @description A vocabulary and how many entries it has, ended ones among them.
         */
        VocabularyRead: {
            /** Entries */
            entries: number;
            /** Vocabulary */
            vocabulary: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_vocabularies: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: {
                "If-None-Match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VocabularyReadPage"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_entries: {
        parameters: {
            query?: {
                /** @description only what can be chosen on this day */
                valid_on?: string | null;
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: {
                "If-None-Match"?: string | null;
                /** @description `de` or `en` */
                "accept-language"?: string | null;
            };
            path: {
                vocabulary: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryReadPage"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_consent_texts: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentTextReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_hsds_root: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HsdsRoot"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sites: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path: {
                institution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_site: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                institution_id: string;
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeySet"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issue_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    client_assertion?: string;
                    /** @enum {string} */
                    client_assertion_type?: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                    /** Format: uuid */
                    client_id?: string;
                    client_secret?: string;
                    /** @enum {string} */
                    grant_type: "client_credentials";
                    scope?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_offers: {
        parameters: {
            query?: {
                /** @description a life domain */
                topic?: string | null;
                /** @description spoken there (ISO 639-3) */
                language?: string | null;
                /** @description in this town */
                municipality?: string | null;
                /** @description of this institution */
                institution_id?: string | null;
                /** @description with free places, as was told last */
                is_free?: boolean | null;
                /** @description that somebody can be referred to today */
                is_open?: boolean | null;
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_offer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tell_offer_capacity: {
        parameters: {
            query?: never;
            header?: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key"?: string | null;
            };
            path: {
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CapacityTell"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_partner_barriers: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerBarrierReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    file_partner_barrier: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnerBarrierFile"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description Where it is read from now on */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerBarrierRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_partner_barrier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                partner_barrier_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerBarrierRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_partner_barrier: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                partner_barrier_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerBarrierRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sent_referrals: {
        parameters: {
            query?: {
                /** @description only those in this state */
                state?: ("requested" | "asked" | "accepted" | "rejected" | "withdrawn" | "revoked" | "entered_in_error") | null;
                /** @description `next` of the feed's page before; empty: begin with everything that was sent */
                since?: string | null;
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerIncomingPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refer_to_kim: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IncomingRefer"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description Where it is read from now on */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerIncomingRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_sent_referral: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                incoming_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerIncomingRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enter_sent_in_error: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                incoming_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerIncomingRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reply_to_question: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                incoming_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IncomingReply"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerIncomingRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_sent_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                incoming_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IncomingWithdraw"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerIncomingRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tell_consent_withdrawn: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                incoming_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerIncomingRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_partner_recalls: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecallReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_recall: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountGiven"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecallRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_partner_referrals: {
        parameters: {
            query?: {
                /** @description `next` of the feed's page before; empty: begin with everything open */
                since?: string | null;
                /** @description only what is for this offer */
                offer_id?: string | null;
                /** @description `me`: in charge is oneself, or for whom one stands in today; `nobody`: free to take */
                assigned?: ("me" | "nobody") | null;
                /** @description for this site of the institution */
                site_id?: string | null;
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_referrals: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnerBatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_partner_referral: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_revocation: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_partner_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnerCancel"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    complete_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReferralOutcome"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fail_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReferralOutcome"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mark_referral_fetched: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_partner_file: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        /** @description The file itself. What it is, is found in its content. */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerMessageRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hold_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReferralHold"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_partner_messages: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerMessageReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    write_partner_message: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnerWord"] | components["schemas"]["InformationAsk"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerMessageRead"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    download_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                referral_id: string;
                message_id: string;
                attachment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, to be saved */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mark_partner_message_read: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path: {
                referral_id: string;
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerMessageRead"] | components["schemas"]["PartnerMessageMarked"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_information_request: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path: {
                referral_id: string;
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerMessageRead"] | components["schemas"]["PartnerMessageMarked"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_partner_receipts: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reject_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReferralReject"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    return_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReferralReturn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_referral: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
                "if-match"?: string | null;
            };
            path: {
                referral_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerReferralTaken"] | components["schemas"]["PartnerReferralStep"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_partner_state_exports: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerStateExportReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_partner_state_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerStateExportManifest"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_state_export: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path: {
                export_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StateExportAcknowledge"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerStateExportManifest"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fetch_state_export: {
        parameters: {
            query?: never;
            header: {
                /** @description makes a repeated submit find the first effect, for 14 days */
                "idempotency-key": string | null;
            };
            path: {
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_units_to_refer_to: {
        parameters: {
            query?: {
                /** @description only those for this town */
                municipality?: string | null;
                /** @description `next` of the page before */
                cursor?: string | null;
                /** @description items on the page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferralUnitReadPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_state_export_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The JSON Schema of a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
