"""Find pupils at risk of falling behind in mathematics, early enough to help.

One road, a stop at a time: ``data`` (or a simulated ``school``), ``features``, ``models``,
``evaluation``, ``lists``, ``explanation``, ``fairness``, ``mistakes``, ``report``. ``pipeline`` is the
road itself, ``scoring`` takes new pupils along it, ``check`` looks at data before anybody sets out,
``skills`` is what the pupils learn, and ``cli`` has the commands.

What several stops need lies below them: ``text`` for people to read, ``odds`` of risks,
``significance`` of differences, ``subgroups`` in words, ``folders`` to write into.
"""
