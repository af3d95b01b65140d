-- The way back from the first release: everything the schema holds, whoever owns it.

DO $$
DECLARE
    v_name text;
BEGIN
    FOR v_name IN SELECT format('%I', c.relname) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND c.relname <> 'alembic_version'
    LOOP
        EXECUTE 'DROP TABLE ' || v_name || ' CASCADE';
    END LOOP;
END $$;

SET LOCAL ROLE kim_auth;
DO $$
DECLARE
    v_name text;
BEGIN
    -- The names first: dropping one may take others with it.
    FOREACH v_name IN ARRAY ARRAY(SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = 'kim_auth'::regrole)
    LOOP
        EXECUTE 'DROP ROUTINE IF EXISTS ' || v_name || ' CASCADE';
    END LOOP;
END $$;
SET LOCAL ROLE kim_owner;
DO $$
DECLARE
    v_name text;
BEGIN
    -- The names first: dropping one may take others with it.
    FOREACH v_name IN ARRAY ARRAY(SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = 'kim_owner'::regrole)
    LOOP
        EXECUTE 'DROP ROUTINE IF EXISTS ' || v_name || ' CASCADE';
    END LOOP;
END $$;
