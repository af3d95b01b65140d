-- Tables of the package `notifications`.

CREATE TABLE notifications (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_notifications PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_notifications_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_notifications_kind CHECK (kind IN ('referral_received', 'referral_reminder', 'referral_answered', 'referral_completed', 'referral_cancelled', 'referral_expired', 'referral_revoked', 'possible_duplicate', 'client_merged', 'merge_undone', 'task_assigned', 'task_accepted', 'task_declined', 'task_due', 'glass_broken', 'review_due', 'password_reset', 'case_handed_over', 'handover_acknowledged', 'conference_invited', 'conference_cancelled', 'conference_left', 'inquiry_taken', 'restricted_while_referred', 'restriction_lifted', 'transfer_offered', 'transfer_given', 'transfer_answered', 'transfer_received', 'transfer_ended', 'transfer_revoked', 'transfer_consent_withdrawn', 'transfer_acknowledged', 'transfer_unsettled', 'transfer_on_hold', 'duty_requested', 'duty_decided', 'duty_expired', 'duty_sent', 'review_overdue', 'review_escalated', 'referral_not_renewed', 'recall_asked', 'recall_answered', 'recall_overdue', 'consent_withdrawn', 'withdrawal_unplaced', 'withdrawal_lapses', 'incoming_arrived', 'incoming_assigned', 'incoming_reminder', 'incoming_overdue', 'incoming_asked', 'incoming_replied', 'incoming_decided', 'incoming_ended', 'webhook_parked', 'webhook_ended', 'referral_message', 'information_requested', 'information_answered', 'information_withdrawn', 'webhooks_stopped', 'invitation_proposed', 'invitation_accepted', 'institution_joined', 'institution_left', 'recipient_left', 'referral_handed_on', 'obstacle_reopened', 'barrier_outcome', 'hearing_opened', 'hearing_commented', 'credential_ends', 'credential_ends_soon', 'state_database_let_in', 'state_export_due', 'privacy_officer_disabled', 'privacy_officer_enabled', 'privacy_officer_ended', 'case_without_lead', 'case_deputised', 'case_joined', 'appointment_invited', 'appointment_uninvited', 'task_moved', 'task_dropped', 'task_reopened', 'conference_moved', 'conference_uninvited', 'case_lead_changed', 'vacancy_open', 'client_handed_over')),
    CONSTRAINT ck_notifications_object_type CHECK (object_type IN ('referral', 'client', 'task', 'case', 'access_review', 'user', 'conference', 'inquiry', 'transfer', 'duty', 'consent', 'withdrawal', 'incoming_referral', 'webhook', 'institution', 'obstacle', 'hearing', 'partner_system', 'state_export', 'vacancy'))
);

CREATE INDEX ix_notifications_inbox ON notifications (municipal_area_id, user_id, created_at, id);
