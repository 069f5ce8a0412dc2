"""The full-screen app: controllers, actions, header, footer and themes."""
