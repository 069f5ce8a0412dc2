"""What a user should know about data before training: one module for each kind of finding.

Reading reports its own decisions as findings of the table; the modules here look at the values that were
read.
"""
