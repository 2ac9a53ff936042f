"""What studies share: training that is recorded, trials over seeds, networks on images."""
