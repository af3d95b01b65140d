"""Pathways of component 3: naturalisation and lasting residence as checklists, never as a decision.

Words: a *pathway* is one person's way towards one decision of an authority (§§ 8-10 StAG, §§ 25a, 25b, 104c
AufenthG); its *requirements* are those of one *law version* of the catalogue; what is *missing* is computed,
whether anything is enough is not: that is to be examined by the authority. No events.
Tables: `pathways`, `pathway_requirements`, `pathway_steps`.
"""
