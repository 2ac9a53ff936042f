"""Pictures of clouds in two and three dimensions, and how they align."""
