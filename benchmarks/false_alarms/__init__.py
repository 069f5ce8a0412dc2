"""No false alarm: backends without a mutant are put to random configurations, and none may be called wrong.

Every configuration draws all settings of the network and its training, the series and the rows that are
targets, from its number alone. All levels of the cross-check are judged on each; no level may fail, and no
deviation may be named. Configurations of even number compute in float64, of odd number in float32.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.false_alarms
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.false_alarms --backend torch --first 40 --configs 10
"""
