"""Reading data: what a data set is, where files lie, pictures and their preprocessing."""
