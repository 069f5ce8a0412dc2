"""How soon the app answers: its first paint, and key presses while three backends train.

    python -m benchmarks.responsiveness                                  everything, a few minutes
    python -m benchmarks.responsiveness --part start --starts 20         first paint alone
    python -m benchmarks.responsiveness --part keys --presses 600 --size 120x40
    python -m benchmarks.responsiveness --json responsiveness.json       every single time too

The program runs as users run it, in a terminal, and what counts is when its bytes have arrived there. A start
is timed from before the program is executed until header and tabs stand on the screen, and until the form
has its values; `python -c pass` and the import of Textual take turns with it, so that a slow machine is told
from a slow program. Keys change between two tabs, between two fields, and type into a field; the next key
waits for the answer to the last, and until 50 to 250 ms after it. A heartbeat in the program's event loop,
which a script in this folder adds from outside, tells how late the loop is meanwhile. What the program writes
while nobody presses anything is counted, since a slow line has to carry it.

OPENBLAS_CORETYPE and PYTHONDONTWRITEBYTECODE, which some machines set, are unset. A busy machine shows in
the times of Python and Textual beside those of the program: repeat the measurement when it is quiet.
"""
