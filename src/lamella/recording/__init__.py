"""Recording the activations of a model while somebody else trains it."""

from lamella.recording.moments import Moments, at, doubling, every
from lamella.recording.recorder import Recorder, RecordingWarning, record

__all__ = ["Moments", "Recorder", "RecordingWarning", "at", "doubling", "every", "record"]
