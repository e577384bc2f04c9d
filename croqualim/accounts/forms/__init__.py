"""What people type to sign in and about themselves."""
