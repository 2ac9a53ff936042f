"""What the studies of networks on images share."""
