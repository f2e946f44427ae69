using NotebookKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

public class Gpt2Tests
{
    private static readonly Gpt2Config Tiny = new()
    {
        VocabSize = 60,
        HiddenSize = 16,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        MaxPositionEmbeddings = 24,
        EosTokenId = 59,
        InitializerRange = 0.3,
    };

    [Fact]
    public void Later_tokens_change_nothing_before_them()
    {
        using var scope = NewDisposeScope();
        using Gpt2LMHeadModel model = Model();
        Tensor ids = tensor(new long[] { 5, 9, 2, 7, 30, 31 }).unsqueeze(0), other = ids.clone();
        other[0, 4] = 40;
        Tensor a = model.call(ids, null, null), b = model.call(other, null, null);
        Assert.True(allclose(a[.., ..4], b[.., ..4], 1e-6, 1e-6));
        Assert.False(allclose(a[.., 4..], b[.., 4..], 1e-3, 1e-3));
    }

    [Fact]
    public void Cached_generation_equals_a_fresh_forward_pass_for_each_token()
    {
        using var scope = NewDisposeScope();
        using Gpt2LMHeadModel model = Model();
        Tensor ids = tensor(new long[] { 5, 9, 2 }).unsqueeze(0), slow = ids;
        for (int i = 0; i < 12 && slow[0, -1].item<long>() != Tiny.EosTokenId; i++)
            slow = cat([slow, model.call(slow, null, null).select(1, -1).argmax(-1, keepdim: true)], 1);
        Assert.Equal(slow.data<long>().ToArray(), model.Generate(ids, maxNewTokens: 12).data<long>().ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_scores_equal_one_plain_forward_pass_for_each_answer(bool padLeft)
    {
        using var scope = NewDisposeScope();
        using Gpt2LMHeadModel model = Model();
        (long[] Input, long[][] Answers)[] examples = [([5, 9, 2], [[7], [8, 3, 4]]), ([11, 12, 13, 14, 15], [[20, 21], [22, 23], [24, 25, 26]])];
        ChoiceBatch batch = ChoiceBatch.Of(examples, padLeft);
        Tensor scores = model.AnswerLogProbabilities(batch.InputIds, batch.AttentionMask, batch.AnswerIds, batch.AnswerMask, batch.InputOf);

        int row = 0;
        foreach ((long[] input, long[][] answers) in examples)
            foreach (long[] answer in answers)
            {
                Tensor logProbabilities = model.call(tensor((long[])[.. input, .. answer]).unsqueeze(0), null, null)[0].log_softmax(-1);
                for (int i = 0; i < answer.Length; i++)
                    Assert.Equal(logProbabilities[input.Length + i - 1, answer[i]].item<float>(), scores[row, i].item<float>(), 1e-4);
                Assert.Equal(0, scores[row].narrow(0, answer.Length, scores.shape[1] - answer.Length).abs().sum().item<float>());
                row++;
            }
    }

    [Fact]
    public void Training_generation_and_scoring_leave_no_live_tensor_behind()
    {
        using Gpt2LMHeadModel model = Model();
        Pass();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Pass();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Pass()
        {
            using var scope = NewDisposeScope();
            Tensor ids = arange(12, dtype: int64).reshape(2, 6);
            Gpt2LMHeadModel.Loss(model.call(ids, ones_like(ids), null), ids).backward();
            model.Generate(ids, maxNewTokens: 4);
            model.AnswerLogProbabilities(ids, ones_like(ids), ids, ones_like(ids), arange(2, dtype: int64));
        }
    }

    [Fact]
    public void Wrong_input_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using Gpt2LMHeadModel model = Model();
        Tensor ids = ones(2, 5, dtype: int64), mask = ones_like(ids);
        string Refused(Func<Tensor> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        Assert.Contains("24 positions", Refused(() => model.call(ones(1, 25, dtype: int64), null, null)));
        Assert.Contains("holds 60", Refused(() => model.call(full_like(ids, 60), null, null)));
        Assert.Contains("positionIds holds 24", Refused(() => model.call(ids, null, full_like(ids, 24))));
        Assert.Contains("15 tokens and 10 new ones are more than the model's 24", Refused(() => model.Generate(ones(1, 15, dtype: int64), maxNewTokens: 10)));
        Assert.Contains("on the left", Refused(() => model.Generate(ids, cat([ones(2, 4), zeros(2, 1)], 1), 3)));
        Assert.Contains("inputOf holds 2", Refused(() => model.AnswerLogProbabilities(ids, mask, ids, mask, tensor(new long[] { 0, 2 }))));
        Assert.Contains("a head of its own", Assert.Throws<InvalidDataException>(() => new Gpt2LMHeadModel(Tiny with { TieWordEmbeddings = false })).Message);
    }

    private static Gpt2LMHeadModel Model()
    {
        var model = new Gpt2LMHeadModel(Tiny, seed: 3);
        model.eval();
        return model;
    }
}
