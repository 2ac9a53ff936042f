"""The runs that are looked at: by net, with the clouds of their samples and their neighbours."""
