"""Line charts over textual-plot, which gives the canvas, zooming and panning.

What it has not is here: lines that break at gaps instead of bridging them, thinning to the pixel columns,
patterns as well as colours, lines that stay visible under each other, a log scale, and dates on an axis.
"""
