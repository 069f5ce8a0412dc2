"""Cross-check: find the first step of the computation at which a backend differs from the reference.

Start with `plan` (what is asked), then `schedule` (the probes of each depth), `running` (backends answer in
processes of their own), `results` and `report`. `lstm_conformance` judges the answers and diagnoses failures.
"""
