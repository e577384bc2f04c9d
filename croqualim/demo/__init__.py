"""The demonstration region: invented people in real places, made by running the real actions."""
