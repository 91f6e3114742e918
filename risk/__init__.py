"""Find pupils at risk of falling behind in mathematics, early enough to help.

One road, one module a stop: school, data, features, models, evaluation, explanation, fairness,
report; ``pipeline`` is the road itself and ``cli`` the commands.
"""
