"""Line charts on the canvases of textual-plot, which also does zooming and panning.

This package adds what textual-plot lacks: lines that break at gaps, decimation to pixel columns, line
patterns besides colours, lines that stay visible under each other, a log scale, and dates on an axis.
"""
