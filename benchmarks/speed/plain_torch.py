"""torch.nn.LSTM as in PyTorch's tutorials."""

import time

import torch
from benchmarks.speed.sizes import CLIP_NORM, LEARNING_RATE, Size, Train, check_loss, series, window_starts


class Network(torch.nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.lstm = torch.nn.LSTM(1, hidden, batch_first=True)
        self.head = torch.nn.Linear(hidden, 1)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        outputs, _ = self.lstm(inputs)
        return self.head(outputs[:, -1])


def open_trainer(size: Size) -> Train:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = Network(size.hidden)
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    windows = torch.from_numpy(series()).float().unfold(0, size.steps + 1, 1)

    def train(count: int) -> float:
        starts = torch.from_numpy(window_starts(size, count)).split(size.batch)
        began = time.perf_counter()
        for batch in starts:
            rows = windows[batch]
            optimizer.zero_grad()
            predicted = network(rows[:, :-1, None])
            loss = torch.nn.functional.mse_loss(predicted, rows[:, -1:])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP_NORM)
            optimizer.step()
        seconds = time.perf_counter() - began
        check_loss(loss.item())
        return seconds / count

    return train
