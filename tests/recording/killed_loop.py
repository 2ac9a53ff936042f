"""Forks loops that record, kills each with SIGKILL at a random moment, and prints what they did.

    python -m recording.killed_loop FOLDER KILLS SEED

A process of its own, with one thread, so that forking is safe and torch is loaded only once.
Each child resumes the run and writes one byte into a pipe after each epoch that it has ended.
"""

import os
import random
import signal
import sys
import time

import torch

import lamella

from .nets import perceptron, probes


def child(folder, pipe):
    model = perceptron()
    with lamella.record(folder, model, probes(), moments=lamella.every(1), resume=True) as recorder:
        while True:
            with torch.no_grad():
                model[0].weight.fill_(recorder.next_epoch)
            recorder.epoch(loss=recorder.next_epoch)
            os.write(pipe, b".")


def killed(folder, seconds):
    """Let a child record for some time; the epochs it ended."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        child(folder, writer)
    os.close(writer)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    ended = len(os.read(reader, 1_000_000))
    os.close(reader)
    return ended


def main():
    folder, kills, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    chance = random.Random(seed)
    with lamella.record(folder + "-warm", perceptron(), probes()) as recorder:
        recorder.epoch()
    for _ in range(kills):
        print(killed(folder, chance.uniform(0.0, 0.12)), flush=True)


if __name__ == "__main__":
    main()
