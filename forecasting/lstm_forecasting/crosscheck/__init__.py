"""Cross-check: at which step of the computation does a backend differ from the reference, and why?

Start with `plan` (what is asked), then `schedule` (the probes of each depth), `running` (backends observe in
processes of their own, the host judges and diagnoses), `results` and `report`. Levels, tolerance and known
deviations are those of `lstm_conformance`.
"""
