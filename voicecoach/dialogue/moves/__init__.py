"""What the cells of the table do.  A move changes one `Turn`; where it may lead is declared beside it."""
