"""How good are the predictions, and how far can that be trusted? In this order:

splits (who is tested by whom), baselines (what every model must beat), thresholds (whom to mark),
unseen (each pupil scored by a model that never saw that pupil), uncertainty (how far a figure may lie
off), figures (of one model), comparison (of several), weeks (how early is it good enough?) and
week_tables.
"""
