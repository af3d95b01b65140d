-- Questions of a council: written by coordinators, read by the steering group once they are answered. What is
-- answered stays as it is, and only published tables can be cited: the foreign key leads nowhere else.

CREATE FUNCTION open_council_questions() RETURNS uuid[] LANGUAGE sql STABLE
RETURN ARRAY(SELECT q.id FROM council_questions q
    WHERE q.municipal_area_id = (SELECT ctx_area()) AND q.state = 'draft');
CREATE FUNCTION my_council_questions() RETURNS uuid[] LANGUAGE sql STABLE
RETURN ARRAY(SELECT q.id FROM council_questions q WHERE q.municipal_area_id = (SELECT ctx_area()));

CALL protect_table('council_questions');
CALL track_versions('council_questions');
GRANT SELECT, INSERT ON council_questions TO kim_app;
CALL let_change('council_questions');
CREATE POLICY coordinate ON council_questions FOR SELECT TO kim_app USING ((SELECT ctx_is('coordinator')));
CREATE POLICY steer ON council_questions FOR SELECT TO kim_app
    USING ((SELECT ctx_is('steering_member')) AND state = 'answered');
CREATE POLICY open ON council_questions FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator')) AND created_by = (SELECT ctx_user()) AND state = 'draft');
CREATE POLICY change ON council_questions FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator')) AND state = 'draft')
    WITH CHECK ((SELECT ctx_is('coordinator')) AND coalesce(answered_by = (SELECT ctx_user()), true));

CALL protect_table('council_citations');
GRANT SELECT, INSERT, DELETE ON council_citations TO kim_app;
CREATE POLICY read ON council_citations FOR SELECT TO kim_app
    USING (question_id = ANY ((SELECT my_council_questions())::uuid[]));
CREATE POLICY cite ON council_citations FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator'))
        AND question_id = ANY ((SELECT open_council_questions())::uuid[]));
CREATE POLICY uncite ON council_citations FOR DELETE TO kim_app
    USING ((SELECT ctx_is('coordinator')) AND question_id = ANY ((SELECT open_council_questions())::uuid[]));
