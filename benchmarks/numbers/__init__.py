"""Our numbers beside reference numbers: what is compared, how near is near enough, and the page."""
