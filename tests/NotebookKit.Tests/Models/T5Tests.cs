using NotebookKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

public class T5Tests
{
    private static readonly T5Config Tiny = new()
    {
        VocabSize = 60,
        DModel = 16,
        DKv = 6,
        DFf = 24,
        NumLayers = 2,
        NumDecoderLayers = 3,
        NumHeads = 4,
        FeedForwardProj = "gated-gelu",
        TieWordEmbeddings = false,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_scores_equal_one_plain_forward_pass_for_each_answer(bool padLeft)
    {
        using var scope = NewDisposeScope();
        using T5ForConditionalGeneration model = Model();
        (long[] Input, long[][] Answers)[] examples = [([5, 9, 2], [[7, 1], [8, 3, 4, 1]]), ([11, 12, 13, 14, 15], [[20, 1], [22, 23, 1], [24, 25, 26, 1]])];
        ChoiceBatch batch = ChoiceBatch.Of(examples, padLeft);
        Tensor scores = model.AnswerLogProbabilities(batch.InputIds, batch.AttentionMask, batch.AnswerIds, batch.AnswerMask, batch.InputOf);

        int row = 0;
        foreach ((long[] input, long[][] answers) in examples)
            foreach (long[] answer in answers)
            {
                Tensor wanted = tensor(answer).unsqueeze(0);
                Tensor logProbabilities = model.call(tensor(input).unsqueeze(0), null, model.ShiftRight(wanted), null)[0].log_softmax(-1);
                for (int i = 0; i < answer.Length; i++)
                    Assert.Equal(logProbabilities[i, answer[i]].item<float>(), scores[row, i].item<float>(), 1e-4);
                Assert.Equal(0, scores[row].narrow(0, answer.Length, scores.shape[1] - answer.Length).abs().sum().item<float>());
                row++;
            }
    }

    [Fact]
    public void Cached_generation_equals_a_fresh_forward_pass_for_each_token()
    {
        using var scope = NewDisposeScope();
        using T5ForConditionalGeneration model = Model();
        Tensor ids = tensor(new long[] { 5, 9, 2, 30 }).unsqueeze(0), slow = zeros(1, 1, dtype: int64);
        for (int i = 0; i < 15 && (i == 0 || slow[0, -1].item<long>() != Tiny.EosTokenId); i++)
            slow = cat([slow, model.call(ids, null, slow, null).select(1, -1).argmax(-1, keepdim: true)], 1);
        Assert.Equal(slow.data<long>().ToArray(), model.Generate(ids, maxNewTokens: 15).data<long>().ToArray());
    }

    [Fact]
    public void Padding_of_either_stack_changes_nothing_where_the_mask_is_one()
    {
        using var scope = NewDisposeScope();
        using T5ForConditionalGeneration model = Model();
        Tensor ids = tensor(new long[] { 7, 9, 3 }).unsqueeze(0), output = tensor(new long[] { 0, 5, 6 }).unsqueeze(0), junk = full([1, 4], 17, dtype: int64);
        Tensor mask = cat([ones(1, 3), zeros(1, 4)], 1);
        Tensor plain = model.call(ids, null, output, null), padded = model.call(cat([ids, junk], 1), mask, cat([output, junk], 1), mask);
        Assert.True(allclose(plain, padded[.., ..3], 1e-4, 1e-5));
    }

    /// <summary>The distances of the paper's description, by a loop over the definition in double precision.</summary>
    [Theory]
    [InlineData(32, 128)]
    [InlineData(8, 20)]
    [InlineData(16, 500)]
    public void Buckets_follow_the_definition(int buckets, int maxDistance)
    {
        long[] distances = Enumerable.Range(-2 * maxDistance, 4 * maxDistance + 1).Select(d => (long)d).ToArray();
        foreach (bool bidirectional in new[] { true, false })
            Assert.Equal(
                distances.Select(d => Definition(d, bidirectional, buckets, maxDistance)),
                distances.Select(d => RelativePosition.Bucket(d, bidirectional, buckets, maxDistance)));

        static long Definition(long distance, bool bidirectional, int buckets, int maxDistance)
        {
            int half = bidirectional ? buckets / 2 : buckets, exact = half / 2;
            long n = bidirectional ? Math.Abs(distance) : Math.Max(0, -distance);
            long bucket = n < exact ? n : Math.Min(half - 1, exact + (long)Math.Floor(Math.Log((double)n / exact) / Math.Log((double)maxDistance / exact) * (half - exact) + 1e-9));
            return bucket + (bidirectional && distance > 0 ? half : 0);
        }
    }

    [Fact]
    public void Training_generation_and_scoring_leave_no_live_tensor_behind()
    {
        using T5ForConditionalGeneration model = Model();
        Pass();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Pass();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Pass()
        {
            using var scope = NewDisposeScope();
            Tensor ids = arange(12, dtype: int64).reshape(2, 6), mask = ones_like(ids);
            T5ForConditionalGeneration.Loss(model.call(ids, mask, model.ShiftRight(ids), mask), ids).backward();
            model.Generate(ids, mask, maxNewTokens: 4);
            model.AnswerLogProbabilities(ids, mask, ids, mask, arange(2, dtype: int64));
        }
    }

    [Fact]
    public void Version_1_0_ties_its_head_and_version_1_1_has_one()
    {
        using var old = new T5ForConditionalGeneration(Tiny with { FeedForwardProj = "relu", TieWordEmbeddings = true });
        using var gated = new T5ForConditionalGeneration(Tiny);
        string[] oldNames = old.named_parameters().Select(p => p.name).ToArray(), names = gated.named_parameters().Select(p => p.name).ToArray();
        Assert.Equal(["lm_head.weight", .. names.Where(n => n.Contains("wi_")).Order()], names.Except(oldNames).Order().OrderBy(n => n != "lm_head.weight"));
        Assert.All(oldNames.Except(names), name => Assert.EndsWith("DenseReluDense.wi.weight", name));
        Assert.Contains("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", names);
        Assert.Contains("decoder.block.2.layer.1.EncDecAttention.o.weight", names);
    }

    [Fact]
    public void Initial_spreads_are_those_that_need_no_division_of_scores()
    {
        using var scope = NewDisposeScope();
        using var model = new T5ForConditionalGeneration(Tiny with { DModel = 128, DKv = 32, DFf = 512 }, seed: 4);
        double Spread(string name) => model.get_parameter(name)!.std().item<float>();
        Assert.Equal(1, Spread("shared.weight"), 0.05);
        Assert.Equal(Math.Pow(128 * 32, -0.5), Spread("encoder.block.0.layer.0.SelfAttention.q.weight"), 5e-4);
        Assert.Equal(Math.Pow(128, -0.5), Spread("decoder.block.1.layer.1.EncDecAttention.k.weight"), 3e-3);
        Assert.Equal(Math.Pow(4 * 32, -0.5), Spread("decoder.block.1.layer.1.EncDecAttention.o.weight"), 3e-3);
        Assert.Equal(Math.Pow(512, -0.5), Spread("encoder.block.1.layer.1.DenseReluDense.wo.weight"), 1e-3);
    }

    [Fact]
    public void Wrong_input_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using T5ForConditionalGeneration model = Model();
        Tensor ids = ones(2, 5, dtype: int64), mask = ones_like(ids);
        string Refused(Func<Tensor> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        Assert.Contains("decoderInputIds holds -100", Refused(() => model.call(ids, mask, full_like(ids, -100), null)));
        Assert.Contains("attentionMask is [2, 4]", Refused(() => model.call(ids, ones(2, 4), ids, null)));
        Assert.Contains("memory is [3, 5, 16]", Refused(() => model.Decode(ids, zeros(3, 5, 16))));
        Assert.Contains("answerMask", Refused(() => model.AnswerLogProbabilities(ids, mask, ids, ones(2, 1), arange(2, dtype: int64))));
        Assert.Contains("'mish'", Assert.Throws<InvalidDataException>(() => new T5ForConditionalGeneration(Tiny with { FeedForwardProj = "gated-mish" })).Message);
    }

    private static T5ForConditionalGeneration Model()
    {
        var model = new T5ForConditionalGeneration(Tiny, seed: 2);
        model.eval();
        return model;
    }
}
