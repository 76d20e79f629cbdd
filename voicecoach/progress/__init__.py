"""Progress by eye: the person's history as a few sentences, a table and one drawing."""
