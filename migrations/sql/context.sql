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

-- Units or institutions at which the actor holds this role; pairs 'role:place'.
CREATE FUNCTION ctx_places(p_role text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT split_part(held, ':', 2)::uuid
    FROM unnest(coalesce(nullif(current_setting('kim.places', true), ''), '{}')::text[]) AS held
    WHERE split_part(held, ':', 1) = p_role
);

CREATE FUNCTION ctx_is(p_role text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN p_role = ANY (ctx_roles());

-- Always all names, always local to the transaction.
CREATE FUNCTION set_context(
    p_area text, p_user text, p_session text, p_request text, p_roles text[], p_places text[]
) RETURNS void LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT set_config('kim.area', p_area, true), set_config('kim.user', p_user, true),
        set_config('kim.session', p_session, true), set_config('kim.request', p_request, true),
        set_config('kim.roles', p_roles::text, true), set_config('kim.places', p_places::text, true);
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

REVOKE EXECUTE ON PROCEDURE protect_table(text), track_versions(text), track_changes(text) FROM PUBLIC;
