"""What is known of each pupil at the end of a week: ``known`` computes it, ``catalogue`` names it.

register holds the tables as arrays of pupils and weeks, measures what is computed of a row of weeks,
trends how the weeks went for those at risk and the others.
"""
