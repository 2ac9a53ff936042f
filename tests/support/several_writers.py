"""Several processes that record to one folder.

python -m support.several_writers FOLDER race START    one of many that were started at once
python -m support.several_writers FOLDER rank STORE    one of a process group
"""

import os
import sys
import time

import torch
from torch import distributed

import lamella
from lamella.errors import RunError
from support.recorded_nets import perceptron, probes


def record(folder, model, value):
    with torch.no_grad():
        model[0].weight.fill_(value)
    with lamella.record(folder, model, probes(), moments=lamella.every(1)) as recorder:
        for _ in range(3):
            recorder.epoch(loss=value)
            time.sleep(0.3)
    return recorder


def race(folder, start):
    while time.time() < float(start):
        pass
    value = time.time_ns() % 1000
    try:
        record(folder, perceptron(), value)
    except RunError as error:
        print("refused", error)
    else:
        print("recorded", value)


def rank(folder, store):
    numbers = {"rank": int(os.environ["RANK"]), "world_size": int(os.environ["WORLD_SIZE"])}
    distributed.init_process_group("gloo", f"file://{store}", **numbers)
    number = distributed.get_rank()
    model = perceptron()
    parallel = torch.nn.parallel.DistributedDataParallel(model)
    optimiser = torch.optim.SGD(model.parameters(), 0.1)
    recorder = lamella.record(folder, parallel, probes(), moments=lamella.every(1))
    recorder.epoch()
    for _ in range(2):
        optimiser.zero_grad()
        parallel(probes()["train"][0] + number).pow(2).mean().backward()
        optimiser.step()
        recorder.epoch(loss=number)
    recorder.flush(), recorder.close()
    print(
        number,
        len(recorder.layers),
        recorder.next_epoch,
        recorder.problems,
        recorder.cost["bytes"] > 0,
    )
    distributed.destroy_process_group()


if __name__ == "__main__":
    torch.set_num_threads(1)
    globals()[sys.argv[2]](sys.argv[1], sys.argv[3])
