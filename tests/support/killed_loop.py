"""Forks loops that record, kills each with SIGKILL at a random moment, and prints what they did.

    python -m support.killed_loop FOLDER KILLS SEED

A process of its own, with one thread, so that forking is safe and torch is loaded only once.
Each child resumes the run and writes one byte into a pipe for each epoch that the recorder says is
stored.
"""

import os
import random
import signal
import sys
import time

import torch

import lamella
from support.recorded_nets import perceptron, probes


def child(folder, pipe):
    model = perceptron()
    with lamella.record(folder, model, probes(), moments=lamella.every(1), resume=True) as recorder:
        first = recorder.next_epoch
        while True:
            with torch.no_grad():
                model[0].weight.fill_(recorder.next_epoch)
            before = recorder.stored
            recorder.epoch(loss=recorder.next_epoch)
            if recorder.next_epoch % 3 == 0:
                recorder.flush()
            os.write(pipe, b"." * max(0, recorder.stored - max(before, first - 1)))


def killed(folder, epochs, seconds):
    """Let a child end some epochs and go on for some time; how many it ended."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        child(folder, writer)
    os.close(writer)
    ended = sum(len(os.read(reader, 1)) for _ in range(epochs))
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    ended += len(os.read(reader, 1_000_000))
    os.close(reader)
    return ended


def main():
    folder, kills, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    chance = random.Random(seed)
    with lamella.record(folder + "-warm", perceptron(), probes()) as recorder:
        recorder.epoch()
    for _ in range(kills):
        print(killed(folder, chance.randrange(4), chance.uniform(0.0, 0.02)), flush=True)


if __name__ == "__main__":
    main()
