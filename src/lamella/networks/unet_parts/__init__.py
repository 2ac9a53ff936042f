"""What the segmentation networks share."""
