"""Transformers in the manner of scikit-learn: from clouds to diagrams, from these to vectors."""
