# SPDX-License-Identifier: Apache-2.0
"""Trains one of Fedwerk's architectures with torch alone, as one would write it in Python.

Arguments by name, see main(). The file of data holds float32 as this machine writes them: first
parameters in the order of Fedwerk's layout, inputs, and a class for each example unless the network
rebuilds its inputs. Prints "ready <parameters> <mean loss of all examples at the first
parameters>"; then reads numbers of epochs, a line each, trains as many from the first parameters
and prints "seconds <by the clock> <of the processor>", until the input ends.
"""

import argparse
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class LastStep(nn.Module):
    def forward(self, x):
        return x[:, :, -1]


class CausalConv1d(nn.Module):
    def __init__(self, channels, filters, kernel, dilation):
        super().__init__()
        padding = (kernel - 1) * dilation
        self.convolution = nn.Conv1d(channels, filters, kernel, padding=padding, dilation=dilation)

    def forward(self, x):
        return self.convolution(x)[:, :, : x.shape[2]]


class Block(nn.Module):
    def __init__(self, channels, filters, kernel, dilation):
        super().__init__()
        self.body = nn.Sequential(
            CausalConv1d(channels, filters, kernel, dilation),
            nn.ReLU(),
            CausalConv1d(filters, filters, kernel, dilation),
            nn.ReLU(),
        )
        same = channels == filters
        self.shortcut = nn.Identity() if same else nn.Conv1d(channels, filters, 1)

    def forward(self, x):
        return functional.relu(self.body(x) + self.shortcut(x))


class Recurrent(nn.Module):
    """Over [batch x channels x steps]."""

    def __init__(self, cell, channels, units):
        super().__init__()
        self.cell = cell(channels, units, batch_first=True)

    def forward(self, x):
        return self.cell(x.transpose(1, 2))[0].transpose(1, 2)


def perceptron(hidden, shape, outputs):
    sizes = [math.prod(shape), *hidden, outputs]
    layers = [nn.Flatten(), nn.Linear(sizes[0], sizes[1])]
    for inputs, units in zip(sizes[1:], sizes[2:]):
        layers += [nn.ReLU(), nn.Linear(inputs, units)]
    return layers


def strided(convolution, hidden, kernel, shape, outputs):
    layers = []
    channels, sides = shape[0], shape[1:]
    for filters in hidden:
        layers += [convolution(channels, filters, kernel, 2, (kernel - 1) // 2), nn.ReLU()]
        channels, sides = filters, [(side + 1) // 2 for side in sides]
    return layers + [nn.Flatten(), nn.Linear(channels * math.prod(sides), outputs)]


def temporal(hidden, kernel, shape, outputs):
    channels = [shape[0], *hidden]
    layers = [Block(channels[i], channels[i + 1], kernel, 2**i) for i in range(len(hidden))]
    return layers + [LastStep(), nn.Linear(channels[-1], outputs)]


def recurrent(cell, hidden, shape, outputs):
    channels = [shape[0], *hidden]
    layers = [Recurrent(cell, channels[i], channels[i + 1]) for i in range(len(hidden))]
    return layers + [LastStep(), nn.Linear(channels[-1], outputs)]


def dense_autoencoder(hidden, shape):
    sizes = [math.prod(shape), *hidden]
    layers = [nn.Flatten()]
    for inputs, units in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, units), nn.ReLU()]
    layers.pop()
    for units, inputs in zip(sizes[::-1], sizes[-2::-1]):
        layers += [nn.Linear(units, inputs), nn.ReLU()]
    return layers[:-1]


def convolutional_autoencoder(hidden, kernel, shape):
    channels = [shape[0], *hidden]
    steps = [shape[1]]
    layers = []
    for i in range(len(hidden)):
        layers += [nn.Conv1d(channels[i], channels[i + 1], kernel, 2, kernel // 2), nn.ReLU()]
        steps.append((steps[i] + 1) // 2)
    layers.pop()
    for i in reversed(range(len(hidden))):
        even = 1 - steps[i] % 2
        transposed = nn.ConvTranspose1d(
            channels[i + 1], channels[i], kernel, 2, kernel // 2, output_padding=even
        )
        layers += [transposed, nn.ReLU()]
    return layers[:-1] + [nn.Flatten()]


def layers_of(name, hidden, kernel, shape, outputs):
    if name in ("linear", "mlp"):
        return perceptron(hidden, shape, outputs)
    if name == "cnn1d":
        return strided(nn.Conv1d, hidden, kernel, shape, outputs)
    if name == "cnn2d":
        return strided(nn.Conv2d, hidden, kernel, shape, outputs)
    if name == "tcn":
        return temporal(hidden, kernel, shape, outputs)
    if name == "lstm":
        return recurrent(nn.LSTM, hidden, shape, outputs)
    if name == "gru":
        return recurrent(nn.GRU, hidden, shape, outputs)
    if name == "autoencoder":
        return dense_autoencoder(hidden, shape)
    if name == "conv-autoencoder":
        return convolutional_autoencoder(hidden, kernel, shape)
    sys.exit("there is no architecture " + name)


def begin_at(network, first):
    """Fedwerk keeps a transposed convolution as the convolution that it is over spread steps."""
    at = 0
    with torch.no_grad():
        for module in network.modules():
            transposed = isinstance(module, nn.ConvTranspose1d)
            for parameter in module.parameters(recurse=False):
                part = first[at : at + parameter.numel()]
                at += parameter.numel()
                if transposed and parameter.dim() == 3:
                    inputs, filters, kernel = parameter.shape
                    part = part.reshape(filters, inputs, kernel).transpose(0, 1).flip(2)
                parameter.copy_(part.reshape(parameter.shape))


def train(network, loss_of, inputs, targets, epochs, options):
    optimizer = torch.optim.SGD(network.parameters(), lr=options.rate, momentum=options.momentum)
    total = 0.0
    for _ in range(epochs):
        for chosen in torch.randperm(len(inputs)).split(options.batch):
            optimizer.zero_grad()
            loss = loss_of(network(inputs[chosen]), targets[chosen])
            loss.backward()
            optimizer.step()
            total += loss.item()
    if not math.isfinite(total):
        sys.exit("the training diverged")


def main():
    numbers = lambda text: [int(word) for word in text.split(",") if word]
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--architecture", required=True)
    arguments.add_argument("--hidden", type=numbers, required=True)
    arguments.add_argument("--kernel", type=int, required=True)
    arguments.add_argument("--shape", type=numbers, required=True)
    arguments.add_argument("--outputs", type=int, required=True)
    arguments.add_argument("--examples", type=int, required=True)
    arguments.add_argument("--batch", type=int, required=True)
    arguments.add_argument("--rate", type=float, required=True)
    arguments.add_argument("--momentum", type=float, required=True)
    arguments.add_argument("--threads", type=int, required=True)
    arguments.add_argument("--data", required=True)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    network = nn.Sequential(
        *layers_of(
            options.architecture, options.hidden, options.kernel, options.shape, options.outputs
        )
    )
    parameters = sum(parameter.numel() for parameter in network.parameters())
    with open(options.data, "rb") as file:
        data = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    values = options.examples * math.prod(options.shape)
    rebuilt = options.architecture.endswith("autoencoder")
    there = len(data) - values - (0 if rebuilt else options.examples)
    if there != parameters:
        sys.exit(f"the network has {parameters} parameters, Fedwerk's {there}")
    first, inputs = data[:there], data[there : there + values]
    targets = inputs if rebuilt else data[there + values :].long()
    inputs = inputs.reshape(-1, *options.shape)
    if rebuilt:
        targets = targets.reshape(len(inputs), -1)
    loss_of = functional.mse_loss if rebuilt else functional.cross_entropy
    begin_at(network, first)
    with torch.no_grad():
        print("ready", parameters, loss_of(network(inputs), targets).item(), flush=True)
    for line in sys.stdin:
        begin_at(network, first)
        begin, computing = time.perf_counter(), time.process_time()
        train(network, loss_of, inputs, targets, int(line), options)
        computed = time.process_time() - computing
        print("seconds", time.perf_counter() - begin, computed, flush=True)


main()
