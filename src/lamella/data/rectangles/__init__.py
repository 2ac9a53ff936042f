"""What the data set `rectangles` is made of: scenes, painting, streams, files, exploration."""
