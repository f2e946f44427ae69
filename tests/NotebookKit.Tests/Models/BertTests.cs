using NotebookKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

public class BertTests
{
    private static readonly BertConfig Tiny = new()
    {
        VocabSize = 50,
        HiddenSize = 16,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        IntermediateSize = 24,
        MaxPositionEmbeddings = 12,
    };

    [Fact]
    public void The_defaults_are_BERT_base() // Devlin et al. 2019: L=12, H=768, A=12; 110 M parameters
    {
        BertConfig c = new();
        long layer = 4L * (c.HiddenSize * c.HiddenSize + c.HiddenSize) + 2L * c.HiddenSize * c.IntermediateSize + c.IntermediateSize + c.HiddenSize + 4 * c.HiddenSize;
        long trunk = (long)(c.VocabSize + c.MaxPositionEmbeddings + c.TypeVocabSize + 2) * c.HiddenSize + c.NumHiddenLayers * layer;
        Assert.Equal(108_891_648, trunk);
    }

    [Fact]
    public void A_seed_fixes_the_initial_weights_whatever_was_drawn_before()
    {
        using var first = new BertForMaskedLM(Tiny, seed: 5);
        using Tensor _ = randn(100);
        using var second = new BertForMaskedLM(Tiny, seed: 5);
        using var third = new BertForMaskedLM(Tiny, seed: 6);
        Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.False(first.get_parameter("bert.embeddings.word_embeddings.weight")!.equal(third.get_parameter("bert.embeddings.word_embeddings.weight")!).all().item<bool>());
    }

    [Fact]
    public void Initial_weights_are_normal_with_the_configured_spread_and_a_silent_padding_token()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForMaskedLM(Tiny with { VocabSize = 4000, InitializerRange = 0.05 });
        Tensor words = model.get_parameter("bert.embeddings.word_embeddings.weight")!;
        Assert.Equal(0.05, words.std().item<float>(), 2e-3);
        Assert.Equal(0, words.mean().item<float>(), 2e-3);
        Assert.Equal(0, words[0].abs().max().item<float>());
        Assert.Equal(0, model.get_parameter("bert.encoder.layer.1.output.dense.bias")!.abs().max().item<float>());
        Assert.Equal(1, model.get_parameter("bert.encoder.layer.1.output.LayerNorm.weight")!.min().item<float>());
    }

    [Fact]
    public void Prediction_at_masked_positions_equals_the_full_head()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForMaskedLM(Tiny);
        model.eval();
        (Tensor ids, Tensor labels) = Batch();
        MaskedPrediction prediction = model.Predict(ids, labels);
        Tensor full = model.call(ids, null, null).flatten(0, 1);
        Tensor positions = labels.flatten().ne(-100).nonzero().squeeze(-1);
        Assert.True(allclose(full.index_select(0, positions), prediction.Logits, 1e-5, 1e-6));
        Assert.Equal(nn.functional.cross_entropy(full, labels.flatten()).item<float>(), prediction.Loss.item<float>(), 1e-5);
    }

    [Fact]
    public void Padding_changes_nothing_where_the_mask_is_one()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForMaskedLM(Tiny);
        model.eval();
        Tensor ids = tensor(new long[] { 2, 7, 9, 3 }).reshape(1, 4);
        Tensor padded = cat([ids, full([1, 5], 17, dtype: int64)], 1), mask = cat([ones(1, 4, dtype: int64), zeros(1, 5, dtype: int64)], 1);
        Assert.True(allclose(model.call(ids, null, null), model.call(padded, mask, null)[.., ..4], 1e-5, 1e-6));
    }

    [Fact]
    public void A_row_without_any_key_gives_numbers()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForMaskedLM(Tiny);
        Assert.False(model.call(ones(1, 3, dtype: int64), zeros(1, 3, dtype: int64), null).isnan().any().item<bool>());
    }

    [Fact]
    public void A_training_step_leaves_no_live_tensor_behind()
    {
        using var model = new BertForMaskedLM(Tiny);
        using var optimizer = optim.AdamW(model.parameters(), 1e-3);
        Step(); // the first one makes gradients and the optimizer's state
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 3; i++) Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            (Tensor ids, Tensor labels) = Batch();
            optimizer.zero_grad();
            model.Predict(ids, labels, ones_like(ids), zeros_like(ids)).Loss.backward();
            optimizer.step();
        }
    }

    [Fact]
    public void A_forward_pass_outside_any_scope_leaves_its_result_only()
    {
        using var model = new BertForMaskedLM(Tiny);
        using Tensor ids = ones(2, 5, dtype: int64), mask = ones(2, 5), types = zeros_like(ids);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Tensor logits = model.call(ids, mask, null), hidden = model.Bert.Encode(ids, mask, types);
        Assert.Equal(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        logits.Dispose();
        hidden.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Wrong_input_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var model = new BertForMaskedLM(Tiny);
        Tensor ids = ones(2, 5, dtype: int64);
        Assert.Contains("12 positions", Assert.Throws<ArgumentException>(() => model.call(ones(1, 13, dtype: int64), null, null)).Message);
        Assert.Contains("inputIds must be int64", Assert.Throws<ArgumentException>(() => model.call(ones(2, 5), null, null)).Message);
        Assert.Contains("attentionMask is [2, 4] and must be [2, 5]", Assert.Throws<ArgumentException>(() => model.call(ids, ones(2, 4), null)).Message);
        Assert.Contains("Mask at least one", Assert.Throws<ArgumentException>(() => model.Predict(ids, full_like(ids, -100))).Message);
        Assert.Contains("num_attention_heads 3", Assert.Throws<InvalidDataException>(() => new BertForMaskedLM(Tiny with { NumAttentionHeads = 3 })).Message);
        Assert.Contains("'mish' is not built", Assert.Throws<InvalidDataException>(() => new BertForMaskedLM(Tiny with { HiddenAct = "mish" })).Message);
    }

    private static (Tensor Ids, Tensor Labels) Batch()
    {
        Tensor ids = arange(20, dtype: int64).reshape(2, 10).add(3), labels = full([2, 10], -100, dtype: int64);
        labels[0, 3] = 8;
        labels[1, 5] = 9;
        labels[1, 6] = 10;
        return (ids, labels);
    }
}
