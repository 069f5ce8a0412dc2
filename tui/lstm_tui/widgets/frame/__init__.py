"""What surrounds every screen: header and tabs."""
