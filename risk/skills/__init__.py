"""What pupils of grades 6 to 8 learn: ``graph`` has the skills, ``layout`` and ``map`` draw them."""
