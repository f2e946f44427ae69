using NotebookKit.Models;
using NotebookKit.Studies.Pmi;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Pmi;

public class NeighbourStartTests
{
    private static readonly BertConfig Config = new() { VocabSize = 50, HiddenSize = 32, NumHiddenLayers = 2, NumAttentionHeads = 4, IntermediateSize = 64, MaxPositionEmbeddings = 16, InitializerRange = 0.05 };

    [Fact]
    public void Near_positions_are_more_alike_than_far_ones_and_as_large_as_words()
    {
        var positions = Weights(new())["embeddings.position_embeddings.weight"];
        var alike = positions.mm(positions.t());
        for (int t = 0; t < 12; t++)
            Assert.True(alike[t, t].item<float>() > alike[t, t + 1].item<float>() && alike[t, t + 1].item<float>() > alike[t, t + 4].item<float>());
        Assert.Equal(Config.InitializerRange, positions.pow(2).mean().sqrt().item<float>(), 1e-6);
    }

    [Fact]
    public void Queries_are_keys_in_every_layer()
    {
        var weights = Weights(new());
        for (int layer = 0; layer < Config.NumHiddenLayers; layer++)
        {
            var query = weights[$"encoder.layer.{layer}.attention.self.query.weight"];
            Assert.True(query.equal(weights[$"encoder.layer.{layer}.attention.self.key.weight"]).all().item<bool>());
            Assert.InRange(query.std().item<float>() * Math.Sqrt(Config.HiddenSize), 0.9, 1.1);
        }
    }

    [Fact]
    public void All_other_weights_stay_as_they_were_drawn()
    {
        var plain = Weights(null);
        var changed = Weights(new());
        foreach (string name in plain.Keys.Where(name => !name.Contains("self.query.weight") && !name.Contains("self.key.weight") && !name.Contains("position_embeddings")))
            Assert.True(plain[name].equal(changed[name]).all().item<bool>(), name);
    }

    private static Dictionary<string, Tensor> Weights(NeighbourStart? start)
    {
        using BertForMaskedLM model = new(Config, seed: 7);
        start?.Apply(model);
        return model.Bert.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
    }
}
