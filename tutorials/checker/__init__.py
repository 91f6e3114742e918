"""Checks a learner's functions: exercise (what one is), stubs, judge, worker, messages, learner.

``judge`` runs the checks of one function; ``worker`` does so in a process of its own, so that an
endless loop or a crash is a sentence and not the end; ``learner`` is the learner's folder.
"""
