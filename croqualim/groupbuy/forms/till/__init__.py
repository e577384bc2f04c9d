"""What is typed at the till, by what is done there."""
