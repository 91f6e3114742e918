"""What is odd in a table or a school's folder, before anybody learns from it: ``checking`` first.

findings and variables are what the others work with; oddities and impossible look at one column,
relations at several, gaps at what is missing; leaks and rules look for columns that know the outcome
too well; school_tables and school_links look at a school's folder.
"""
