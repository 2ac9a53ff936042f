"""What a figure is: its style, its words, and how it is drawn."""
