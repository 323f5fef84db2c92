# Makes moments.pt, the base of ../milling-base.yaml: PyTorch 2.7, python moments.py.
# Takes windows [batch x 6 signals x 8 steps] and gives 12 numbers: each signal's mean, scaled, and its maximum.
import torch


class Moments(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor([1.0, 0.5, 2.0, 1.0, -1.0, 0.25]))

    def forward(self, windows):
        return torch.cat([windows.mean(2) * self.scale, windows.amax(2)], 1)


torch.jit.save(torch.jit.script(Moments().eval()), "moments.pt")
