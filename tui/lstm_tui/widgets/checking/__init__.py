"""What a cross-check is asked, and what it shows while it runs and when somebody looks into it."""
