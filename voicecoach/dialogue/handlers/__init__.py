"""What the cells of the table do.  A handler changes one `Transition`; where it may lead is declared beside it."""
