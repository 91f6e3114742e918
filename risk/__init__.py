"""Find pupils at risk of falling behind in mathematics, early enough to help.

One road, one module a stop: school, reading and records (or data, for a user's own table), features,
models, evaluation, explanation, fairness, report. ``pipeline`` is the road itself, ``scoring`` takes
new pupils along it, and ``cli`` has the commands.
"""
