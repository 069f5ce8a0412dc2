"""Cross-check: finds the first step of the computation at which a backend differs from the reference.

Start with `plan`, then read `schedule` (the probes of each depth), `running` (backends answer in processes of
their own), `results` and `report`. `lstm_conformance` judges the answers and diagnoses failures.
"""
