-- Sites and offers are kept by the coordination. How many places are free is told by whom the offer belongs to,
-- too: a table of its own, to which rows are only added.

CALL protect_table('institution_sites');
CALL track_versions('institution_sites');
GRANT SELECT, INSERT ON institution_sites TO kim_app;
CALL let_change('institution_sites');
CREATE POLICY read ON institution_sites FOR SELECT TO kim_app USING (true);
CREATE POLICY add ON institution_sites FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')));
CREATE POLICY change ON institution_sites FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator') OR ctx_is('assistant')))
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')));

CALL protect_table('offers');
CALL track_versions('offers');
GRANT SELECT, INSERT ON offers TO kim_app;
CALL let_change('offers');
CREATE POLICY read ON offers FOR SELECT TO kim_app USING (true);
CREATE POLICY add ON offers FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')));
CREATE POLICY change ON offers FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator') OR ctx_is('assistant')))
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')));

CALL protect_table('offer_capacities');
GRANT SELECT, INSERT ON offer_capacities TO kim_app;
CREATE POLICY read ON offer_capacities FOR SELECT TO kim_app USING (true);
CREATE POLICY add ON offer_capacities FOR INSERT TO kim_app
    WITH CHECK (told_by = (SELECT ctx_user()) AND ((SELECT ctx_is('coordinator') OR ctx_is('assistant'))
        OR offer_id = ANY (ARRAY(SELECT o.id FROM offers o
            WHERE o.institution_id = ANY ((SELECT my_institutions())::uuid[])))));
