"""What reading the best candidates again is worth."""
