"""The catalogue of known deviations as mutants: what the cross-check catches and names, against final errors.

Every deviation is planted in the reference behind the public interface and checked on the smallest probe that
shows it. Beside it stands what is done without a cross-check: both are trained from their own start for a few
epochs, and their root mean squared errors on the validation windows are called equal within 5 %.

    python -m benchmarks.catalogue
    python -m benchmarks.catalogue --level gates --json catalogue.json
    python -m benchmarks.catalogue --pairs 200      two planted at once, drawn at random
"""
