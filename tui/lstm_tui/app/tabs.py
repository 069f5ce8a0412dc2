"""The tabs, in their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """A screen that has a place among the tabs; its number is its place in `TABS`."""

    name: str
    title: str
    help: str


TABS = (
    Tab("data", "Data", "The series as it was read, its columns, and how to read it otherwise."),
    Tab("train", "Train", "Choose settings and backends, train, and watch the loss."),
    Tab("forecast", "Forecast", "The verdict, the test part, the future, and the scores."),
    Tab("crosscheck", "Cross-check", "Which step of a backend differs from the reference, and why."),
    Tab("inspect", "Inspect", "Gates, states, gradients and weights of a trained network, in numbers."),
    Tab("backends", "Backends", "Where each backend comes from, how it is, and whether it is right."),
    Tab("learn", "Learn", "A course: what an LSTM is, computed before your eyes."),
)
