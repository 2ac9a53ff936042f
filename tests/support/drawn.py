"""Reading a figure's values: its marks by kind and label, and all its words."""

from lamella.plots.marks import Rows, Text


def marks(figure, kind, label=None):
    """The marks of one kind in all panels, in order; only those of a label, where it is given."""
    every = [mark for panel in figure.panels for mark in panel.marks if isinstance(mark, kind)]
    return [mark for mark in every if label is None or mark.label == label]


def one(figure, kind, label=None):
    """The only mark of a kind and label."""
    (found,) = marks(figure, kind, label)
    return found


def words(figure):
    """Everything that a figure says, in one text."""
    said = [figure.title, figure.note, *(name for name, _ in figure.key)]
    said += [panel.title for panel in figure.panels]
    said += [text for mark in marks(figure, Text) for text in mark.texts]
    said += [text for mark in marks(figure, Rows) for column in mark.texts for text in column]
    return " | ".join(said)
