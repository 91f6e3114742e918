"""From files to checked tables, in this order: reading, numerals, columns, roles, table, records.

``table`` reads a user's own CSV file, ``records`` the tables of a school.
"""
