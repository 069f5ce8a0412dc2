"""The colours of the app. Green, yellow and red belong to verdicts alone."""

from textual.theme import Theme

from lstm_tui.kit.theme_names import SHORT

DARK = Theme(
    name=SHORT["dark"],
    primary="#7FB4CA",
    secondary="#5F7A8A",
    accent="#E6C384",
    foreground="#D5DBE3",
    background="#11151C",
    surface="#171C25",
    panel="#1F2632",
    success="#7BC47F",
    warning="#E5C454",
    error="#F0716B",
    dark=True,
    variables={
        "border": "#7FB4CA",
        "border-blurred": "#303A49",
        "footer-background": "#171C25",
        "footer-key-foreground": "#E6C384",
        "footer-description-foreground": "#9AA7B6",
        "block-cursor-background": "#2C4A5C",
        "block-cursor-foreground": "#F2F6FA",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#2C4A5C",
        "chart-axis": "#566375",
        "chart-grid": "#262E3B",
        "chart-label": "#93A1B1",
        "chart-band": "#23323F",
        "quiet": "#8795A6",
    },
)
LIGHT = Theme(
    name=SHORT["light"],
    primary="#1F6583",
    secondary="#6B8797",
    accent="#8A5A00",
    foreground="#1B222B",
    background="#FAFAF8",
    surface="#F1F1EE",
    panel="#E6E7E4",
    success="#1E7A34",
    warning="#7A5B00",
    error="#B3261E",
    dark=False,
    variables={
        "border": "#1F6583",
        "border-blurred": "#C3C8CC",
        "footer-background": "#ECECE8",
        "footer-key-foreground": "#8A5A00",
        "footer-description-foreground": "#4F5B67",
        "block-cursor-background": "#BFDCE8",
        "block-cursor-foreground": "#10161D",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#BFDCE8",
        "chart-axis": "#8D979F",
        "chart-grid": "#E2E4E2",
        "chart-label": "#525E69",
        "chart-band": "#DDE8EC",
        "quiet": "#5C6873",
    },
)


OWN_VARIABLES = ("chart-axis", "chart-grid", "chart-label", "chart-band", "quiet")
"""Variables that Textual's own themes do not have."""
