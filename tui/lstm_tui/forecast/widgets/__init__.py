"""What a forecast is shown as."""
