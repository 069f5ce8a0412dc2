"""How long a cross-check takes: `lstm-tui crosscheck` at every depth, beside what each depth may take.

    python -m benchmarks.crosscheck                                   all three depths, minutes
    python -m benchmarks.crosscheck --depth quick --backend numpy     a first look

What is timed is the command itself in a process of its own, so that start-up and the import of every
framework count. The limits are meant for two processors and the three backends that come with the program.
Processor seconds are those of the command and of all its backends. OPENBLAS_CORETYPE is unset, since some
machines set it to a processor older than they have. Seconds on the clock mean little on a busy machine.
"""
