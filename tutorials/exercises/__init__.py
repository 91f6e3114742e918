"""Exercises, one function each: ``solutions`` has the answers, ``checks`` how each is checked.

A learner's stub is made from the solution by leaving out what stands between "# your turn" and
"# until here", so the two cannot drift apart.
"""
