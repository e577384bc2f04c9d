"""HTTP only, by subject: fetch through access, call an action, render."""
