"""What tests of several rooms share: small runs, nets, clouds, examples, and the browser."""
