-- Pathways belong to the case's team; one for another member of the household only while that person is seen.

CALL keep_to_case_team('pathways', 'case_id');
CALL keep_to_case_team('pathway_requirements', 'case_id');
CALL keep_to_case_team('pathway_steps', 'case_id');
CALL track_versions('pathways');
GRANT SELECT, INSERT ON pathways TO kim_app;
CALL let_change('pathways');
GRANT SELECT, INSERT ON pathway_requirements TO kim_app;
CALL let_change('pathway_requirements');
GRANT SELECT, INSERT ON pathway_steps TO kim_app;
CREATE POLICY member ON pathways AS RESTRICTIVE TO kim_app
    USING (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]))
    WITH CHECK (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]));

-- What hangs on it is seen with it.
CREATE POLICY member ON pathway_requirements AS RESTRICTIVE TO kim_app
    USING (pathway_id = ANY (ARRAY(SELECT p.id FROM pathways p)))
    WITH CHECK (pathway_id = ANY (ARRAY(SELECT p.id FROM pathways p)));
CREATE POLICY member ON pathway_steps AS RESTRICTIVE TO kim_app
    USING (pathway_id = ANY (ARRAY(SELECT p.id FROM pathways p)))
    WITH CHECK (pathway_id = ANY (ARRAY(SELECT p.id FROM pathways p)));
