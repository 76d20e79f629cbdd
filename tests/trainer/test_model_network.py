"""The network: how far it sees, and that it sees no further."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason='needs the extra "train"')

import torch

from model.network import MEL_BINS, OUTPUTS, Delay, Network, NetworkShape

SMALL = NetworkShape(width=8, inner=12)
"""As wide as a test needs it, and with the delays of the real one."""


def network(shape: NetworkShape = SMALL) -> Network:
    """With random weights, and as it is when it is not trained."""
    torch.manual_seed(1)
    made = Network(shape)
    made.eval()
    return made


def scores(net: Network, features: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = net(features)[0]
    return found


def features(frames: int, seed: int = 2) -> torch.Tensor:
    return torch.randn(1, frames, MEL_BINS, generator=torch.Generator().manual_seed(seed))


def test_it_looks_as_far_as_its_description_says() -> None:
    assert NetworkShape().ahead == 15  # frames of 10 ms
    assert NetworkShape().behind == 63


@pytest.mark.parametrize("frames", range(1, 14))
def test_it_scores_every_third_frame(frames: int) -> None:
    named, labels = network()(features(frames))
    assert named.shape == labels.shape == (1, -(-frames // 3), OUTPUTS)


@pytest.mark.parametrize("delays", [(), (Delay(1, 1),), (Delay(3, 0), Delay(2, 1)), SMALL.delays], ids=len)
def test_a_score_depends_on_what_the_network_sees_from_there_and_on_all_of_it(delays: tuple[Delay, ...]) -> None:
    net = network(NetworkShape(8, 12, delays))
    heard = features(240)
    usual = scores(net, heard)
    for frame in (0, 100, 101, 102, 239):
        other = heard.clone()
        other[0, frame] += 30
        changed = (scores(net, other) != usual).any(dim=2)[0].nonzero()[:, 0].tolist()
        seeing = [t for t in range(80) if 3 * t - net.shape.behind <= frame <= 3 * t + net.shape.ahead]
        assert (changed[0], changed[-1]) == (seeing[0], seeing[-1])


def test_what_comes_later_does_not_change_what_was_scored() -> None:
    """So it can listen to a stream: 15 frames after a frame, its score is settled."""
    net, heard = network(), features(200)
    early = scores(net, heard[:, :150])
    torch.testing.assert_close(scores(net, heard)[:, : (150 - 15) // 3], early[:, : (150 - 15) // 3])


def test_before_the_first_and_after_the_last_frame_it_sees_copies_of_them() -> None:
    net, heard = network(), features(40)
    before, after = heard[:, :1].repeat(1, 63, 1), heard[:, -1:].repeat(1, 30, 1)
    around = scores(net, torch.cat([before, heard, after], 1))
    torch.testing.assert_close(scores(net, heard), around[:, 21 : 21 + 14])


def test_features_are_brought_to_mean_zero_and_deviation_one() -> None:
    net, heard = network(), features(30)
    usual = scores(net, heard)
    net.mean.fill_(5.0)
    net.deviation.fill_(3.0)
    torch.testing.assert_close(scores(net, heard * 3 + 5), usual)


def test_every_weight_takes_part() -> None:
    net = network().train()
    named, labels = net(features(60).repeat(2, 1, 1))
    (named.square().sum() + labels.square().sum()).backward()
    still = [name for name, weights in net.named_parameters() if weights.grad is None or not weights.grad.any()]
    assert still == []


def test_one_row_of_a_batch_does_not_change_another() -> None:
    net = network()
    both = scores(net, torch.cat([features(50), features(50, seed=3)]))
    torch.testing.assert_close(both[:1], scores(net, features(50)))
