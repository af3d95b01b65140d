"""Protection of tables: nothing that is published may let anyone infer a small number."""
