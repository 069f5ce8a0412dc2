"""The app itself: composition, actions, header, footer, themes."""
