"""Many captures: a report each, an index page over all of them, and one table of all findings."""
