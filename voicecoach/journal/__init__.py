"""What happened, kept in a small SQLite file.  Never holds a sound or a word that was heard."""
