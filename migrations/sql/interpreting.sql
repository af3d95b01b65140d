-- Interpreting belongs to the case's team alone; a provider reads nothing here.

CALL keep_to_case_team('interpretings', 'case_id');
CALL keep_to_case_team('interpreting_steps', 'case_id');
CALL track_versions('interpretings');
GRANT SELECT, INSERT ON interpretings TO kim_app;
CALL let_change('interpretings');
GRANT SELECT, INSERT ON interpreting_steps TO kim_app;
