"""What is odd in a table or a school's folder, before anybody learns from it: ``whole`` first.

findings and variables are what the others work with; oddities and impossible look at one column,
relations at several, gaps at what is missing; outcome says who is at risk; leaks and rules look for
columns that know that too well; school_tables and school_links look at a school's folder.
"""
