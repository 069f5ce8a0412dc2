"""How soon the app answers: its first paint, and key presses while three backends train.

    python -m benchmarks.responsiveness                                  everything, a few minutes
    python -m benchmarks.responsiveness --part start --starts 20         first paint alone
    python -m benchmarks.responsiveness --part keys --presses 600 --size 120x40
    python -m benchmarks.responsiveness --json responsiveness.json       every single time too

The program runs in a terminal, as users run it, and a time ends when its bytes have arrived there. A start
is timed from before the program is executed until header and tabs are on the screen, and until the form shows
its values. The smallest Textual app and `python -c pass` take turns with it. Keys switch between two tabs,
move between two fields, and type into a field; the next key waits for the answer to the last one and 50 to
250 ms more. A heartbeat in the program's event loop, added from outside by a script in this folder, measures
how late the loop is. Bytes written while nobody presses a key are counted: a slow line has to carry them.

Times differ from machine to machine, so the limits are ratios within one run: the first paint against the
bare app's, and keys while backends train against keys at rest.

OPENBLAS_CORETYPE and PYTHONDONTWRITEBYTECODE, which some machines set, are unset.
"""
