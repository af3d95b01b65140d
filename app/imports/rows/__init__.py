"""What a row of each kind becomes: the columns that will be written, or what is wrong with it. Pure."""
