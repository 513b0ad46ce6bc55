"""One file a step, numbered by hand; the number is the revision."""
