"""The three models, with the encoding each needs and settings chosen among the rows they learn from.

encoding, tuning, and ``risk_model``, which joins them.
"""
