"""The reader's network is MPNet, and the shipped graphs compute what it computes."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import MPNetConfig, MPNetModel

from qa.reading.encoder import Encoder
from training.export_reader import Half, export
from training.network import EPSILON, MASK, PAD, START, ReaderNetwork, load_mpnet

# The exporter's own notices of its age.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),
]
LAYERS = 2


@pytest.fixture(scope="module")
def theirs() -> MPNetModel:
    torch.manual_seed(0)
    config = MPNetConfig(
        num_hidden_layers=LAYERS, max_position_embeddings=514, layer_norm_eps=EPSILON
    )
    return MPNetModel(config, add_pooling_layer=False).eval()


@pytest.fixture(scope="module")
def network(theirs: MPNetModel, tmp_path_factory: pytest.TempPathFactory) -> ReaderNetwork:
    weights = tmp_path_factory.mktemp("mpnet") / "model.safetensors"
    save_file(theirs.state_dict(), weights)
    ours = ReaderNetwork(LAYERS, (1,)).eval()
    load_mpnet(ours, weights)
    return ours


@torch.no_grad()
def test_its_hidden_states_are_those_of_transformers(
    network: ReaderNetwork, theirs: MPNetModel
) -> None:
    ids = torch.randint(5, 30_000, (2, 150))
    ids[:, 0], ids[1, 100:], ids[0, 7] = START, PAD, MASK
    mask = (ids != PAD).long()
    hidden = network.embed(ids)
    bias = network.bias(150) + torch.zeros(2, 1, 1, 150).masked_fill(
        mask[:, None, None, :] == 0, -1e4
    )
    for layer in network.layers:
        hidden = layer(hidden, bias)
    expected = theirs(input_ids=ids, attention_mask=mask)[0]
    assert torch.allclose(hidden[mask.bool()], expected[mask.bool()], atol=1e-4)


@torch.no_grad()
def test_the_exported_graphs_say_what_the_network_says(
    network: ReaderNetwork, tmp_path: Path
) -> None:
    export(Half(network, 0, 1), tmp_path / "first.onnx")
    export(Half(network, 1, LAYERS), tmp_path / "rest.onnx")
    ids = [START, *range(2000, 2060), 2]
    encoder = Encoder(tmp_path, threads=1)
    hidden, early = encoder.skim(ids)
    late = encoder.read(hidden)
    support = encoder.support(ids)
    network.quantise()
    exits, said = network(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))
    network.quantise(False)
    for found, expected in ((early, exits[1]), (late, exits[LAYERS])):
        start = expected.start[0].numpy()
        assert np.corrcoef(found.tokens[:, 0], start)[0, 1] > 0.99
        assert found.answerable == pytest.approx(float(expected.answerable[0]), abs=0.05)
    assert np.abs(support - said[0].numpy()).max() < 0.05
