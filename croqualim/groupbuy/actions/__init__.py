"""What people do in a month. One function per thing, each one transaction."""
