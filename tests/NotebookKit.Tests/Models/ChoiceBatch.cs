using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

/// <summary>Examples with unequal numbers of answers of unequal length, as tensors.</summary>
internal sealed record ChoiceBatch(Tensor InputIds, Tensor AttentionMask, Tensor AnswerIds, Tensor AnswerMask, Tensor InputOf)
{
    public static ChoiceBatch Of((long[] Input, long[][] Answers)[] examples, bool padLeft)
    {
        long[][] answers = examples.SelectMany(e => e.Answers).ToArray();
        (Tensor inputIds, Tensor attentionMask) = Padded(examples.Select(e => e.Input).ToArray(), padLeft);
        (Tensor answerIds, Tensor answerMask) = Padded(answers, left: false);
        return new(inputIds, attentionMask, answerIds, answerMask, tensor(examples.SelectMany((e, i) => e.Answers.Select(_ => (long)i)).ToArray()));
    }

    private static (Tensor Ids, Tensor Mask) Padded(long[][] rows, bool left)
    {
        int width = rows.Max(r => r.Length);
        Tensor Row(long[] row)
        {
            Tensor padding = zeros(width - row.Length, dtype: int64);
            return left ? cat([padding, tensor(row)]) : cat([tensor(row), padding]);
        }
        return (stack(rows.Select(Row)), stack(rows.Select(row => Row(row.Select(_ => 1L).ToArray()))));
    }
}
