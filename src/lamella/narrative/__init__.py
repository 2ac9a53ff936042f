"""What is told of runs: sentences with their numbers, and the slices of the cube behind them."""
