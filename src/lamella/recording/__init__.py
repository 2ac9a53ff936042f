"""Recording the activations of a model while somebody else trains it."""

from lamella.recording.recorder import Recorder, RecordingWarning, record
from lamella.recording.schedule import Schedule, at, doubling, every

__all__ = ["Recorder", "RecordingWarning", "Schedule", "at", "doubling", "every", "record"]
