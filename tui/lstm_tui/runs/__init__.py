"""What the front ends say of runs."""
