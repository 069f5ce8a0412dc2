"""What the app knows of the backends beside their trainings."""
