-- UUIDv7 (RFC 9562): ids of a table sort by when they were made, as those of the application do. What must not tell
-- its time (figures, pseudonyms) is drawn by gen_random_uuid().
CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
    52, 1), 53, 1), 'hex')::uuid;

-- The context of a transaction: transaction-local settings, read by every policy.
-- Unset or empty means nobody, so no rows.

CREATE FUNCTION ctx_area() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('kim.area', true), '');

CREATE FUNCTION ctx_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('kim.user', true), '')::uuid;

CREATE FUNCTION ctx_session() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('kim.session', true), '')::uuid;

CREATE FUNCTION ctx_request() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('kim.request', true), '');

CREATE FUNCTION ctx_roles() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('kim.roles', true), ''), '{}')::text[];

-- Units or institutions at which the actor holds this role. The setting lists them role by role,
-- ' case_manager{PLACE,PLACE} team_lead{PLACE}', and is taken apart without a query: only so is this function
-- inlined where it stands, and every policy asks it.
CREATE FUNCTION ctx_places(p_role text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN ('{' || split_part(split_part(coalesce(current_setting('kim.places', true), ''), ' ' || p_role || '{', 2), '}', 1)
    || '}')::uuid[];

CREATE FUNCTION ctx_is(p_role text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN p_role = ANY (ctx_roles());

-- Always all names, always local to the transaction; places as pairs 'role:place'.
CREATE FUNCTION set_context(
    p_area text, p_user text, p_session text, p_request text, p_roles text[], p_places text[]
) RETURNS void LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT set_config('kim.area', p_area, true), set_config('kim.user', p_user, true),
        set_config('kim.session', p_session, true), set_config('kim.request', p_request, true),
        set_config('kim.roles', p_roles::text, true), set_config('kim.places', (
            SELECT coalesce(string_agg(' ' || held.role || held.places::text, ''), '') FROM (
                SELECT split_part(pair, ':', 1) AS role, array_agg(split_part(pair, ':', 2)) AS places
                FROM unnest(p_places) AS pair GROUP BY 1) AS held), true);
END;

-- Every row of a municipal area stays in it, whatever the other policies say. The definer functions of
-- kim_auth are the only ones that look across areas.
CREATE PROCEDURE protect_table(p_table text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', p_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', p_table);
    EXECUTE format(
        'CREATE POLICY tenant ON %I AS RESTRICTIVE TO kim_app, kim_worker, kim_reporting
         USING (municipal_area_id = (SELECT ctx_area()))
         WITH CHECK (municipal_area_id = (SELECT ctx_area()))', p_table);
END $$;

-- Lets the application change a row, but not whose it is nor who made it: such a row could be moved out of one's own
-- sight, or somebody's put in the place of another's.
CREATE PROCEDURE let_change(p_table text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE (SELECT format('GRANT UPDATE (%s) ON %I TO kim_app', string_agg(quote_ident(a.attname), ', '), p_table)
        FROM pg_attribute a WHERE a.attrelid = p_table::regclass AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attgenerated = '' AND a.attname <> ALL ('{municipal_area_id,id,client_id,member_client_id,case_id,
                goal_id,pathway_id,unit_id,institution_id,account_id,user_id,author_id,reported_by,created_at,created_by}'));
END $$;

-- Moves the version and the marks that readers who catch up follow.
CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_at := clock_timestamp();
    NEW.changed_xid := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE PROCEDURE track_versions(p_table text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER touch BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION touch_row()', p_table);
END $$;

-- Moves the version of a row when a part of it is written, once for each transaction: what is read with its
-- parts is another one then. Arguments: the table of the whole, and the column that names it.
CREATE FUNCTION move_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE public.%I SET version = version WHERE municipal_area_id = $1 AND id = $2
        AND changed_xid <> pg_current_xact_id()', TG_ARGV[0])
    USING NEW.municipal_area_id, (to_jsonb(NEW) ->> TG_ARGV[1])::uuid;
    RETURN NULL;
END $$;

CREATE PROCEDURE move_with_parts(p_whole text, p_part text, p_column text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER move_whole AFTER INSERT OR UPDATE ON %I
        FOR EACH ROW EXECUTE FUNCTION move_whole(%L, %L)', p_part, p_whole, p_column);
END $$;

-- The same for rows without a version.
CREATE FUNCTION mark_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE PROCEDURE track_changes(p_table text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER mark BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION mark_row()', p_table);
END $$;

REVOKE EXECUTE ON PROCEDURE protect_table(text), let_change(text), track_versions(text), track_changes(text),
    move_with_parts(text, text, text) FROM PUBLIC;
