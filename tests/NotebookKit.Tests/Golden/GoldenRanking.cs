using System.Text.Json;
using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

/// <summary>
/// Rank classification, which the fixtures give in the reference's layout: every input repeated for each of its answers.
/// Here each input is given once, with the index of the input that an answer belongs to.
/// </summary>
internal static class GoldenRanking
{
    public static void AssertEqual(GoldenFixture fixture, IChoiceScorer model)
    {
        JsonElement batch = fixture.Inputs.GetProperty("rank_classification").GetProperty("batch");
        Tensor Field(string name) => GoldenFixture.Integers(batch.GetProperty(name));
        Tensor scores = fixture.Expected("rank_classification/scores");
        (long examples, long answers) = (scores.shape[0], scores.shape[1]);
        Tensor Once(Tensor repeated) => repeated.unflatten(0, examples, answers).select(1, 0);

        Tensor inputOf = arange(examples, dtype: int64).repeat_interleave(answers);
        Tensor tokens = model.AnswerLogProbabilities(
            Once(Field("input_ids")), Once(Field("attention_mask")), Field("labels"), Field("labels_attention_mask"), inputOf);

        GoldenAssert.Close(fixture, "rank_classification/token_log_probs", tokens);
        Tensor sums = tokens.sum(1).unflatten(0, examples, answers);
        GoldenAssert.Close(fixture, "rank_classification/scores", sums);
        Assert.Equal(
            fixture.ExpectedJson("rank_classification/predictions").EnumerateArray().Select(e => e.GetInt64()),
            sums.argmax(1).data<long>().ToArray());
    }
}
