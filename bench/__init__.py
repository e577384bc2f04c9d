"""Measurements. Ratios within one run, on whatever machine this is: see RESULTS.md."""
