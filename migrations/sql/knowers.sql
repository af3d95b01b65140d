-- Who knows of a case inside, and when it was closed, for statistics: parts of the functions that read figures, called by
-- nobody else.

GRANT SELECT (municipal_area_id, unit_id, opened_on, closed_on) ON cases TO kim_auth;

-- Whether more than one unit works on cases in a time. That is a fact of who works where: a team lead lists every case of
-- the unit, and of the only unit nobody else's cases are left to learn of.
CREATE FUNCTION has_several_units(p_from date, p_until date) RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT count(*) > 1 FROM (
        SELECT m.unit_id FROM public.memberships m
        WHERE m.municipal_area_id = public.ctx_area() AND m.role IN ('case_manager', 'team_lead')
            AND m.unit_id IS NOT NULL AND m.started_at < (p_until + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
            AND (m.ended_at IS NULL OR m.ended_at > p_from::timestamp AT TIME ZONE 'Europe/Berlin')
        UNION
        SELECT c.unit_id FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.opened_on <= p_until
            AND (c.closed_on IS NULL OR c.closed_on >= p_from)
    ) u;
END;
ALTER FUNCTION has_several_units(date, date) OWNER TO kim_auth;

-- Who beside its lead of today had a case on some day of a time: an earlier lead, members, deputies, with a blank
-- between. They read all that the lead reads. Cases that only their lead has are not named; the lead may be, who was a
-- member before. Asks for no case, since nearly all assignments are of leads who have theirs still.
CREATE FUNCTION case_teams(p_from date, p_until date) RETURNS TABLE (case_id uuid, team text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT a.case_id, string_agg(DISTINCT a.user_id::text, ' ')
    FROM public.assignments a
    WHERE a.municipal_area_id = public.ctx_area()
        AND (a.kind IN ('member', 'deputy') OR a.kind = 'lead' AND a.active_until IS NOT NULL)
        AND a.active_from < (p_until + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        AND (a.active_until IS NULL OR a.active_until > p_from::timestamp AT TIME ZONE 'Europe/Berlin')
    GROUP BY a.case_id;
END;
ALTER FUNCTION case_teams(date, date) OWNER TO kim_auth;

-- Cases that were closed on every day of a time and were reopened afterwards: of these the day of closing says nothing.
GRANT SELECT (municipal_area_id, id, case_id, at, source) ON case_phases TO kim_auth;
CREATE FUNCTION closed_throughout(p_from date, p_until date) RETURNS TABLE (case_id uuid)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.case_id
    FROM (
        SELECT s.case_id, min(s.at) AS at FROM public.case_phases s
        WHERE s.municipal_area_id = public.ctx_area() AND s.source = 'closed'
            AND s.at >= (p_until + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        GROUP BY s.case_id
    ) r
    JOIN public.case_phases b ON b.municipal_area_id = public.ctx_area() AND b.case_id = r.case_id AND b.at < r.at
    GROUP BY r.case_id
    HAVING max(b.at) < p_from::timestamp AT TIME ZONE 'Europe/Berlin';
END;
ALTER FUNCTION closed_throughout(date, date) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION has_several_units(date, date), case_teams(date, date), closed_throughout(date, date)
    FROM PUBLIC;
SET ROLE kim_owner;
