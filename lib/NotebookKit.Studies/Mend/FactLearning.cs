using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Mend;

/// <summary>How a model learns facts by heart.</summary>
public sealed record FactLearningOptions
{
    /// <summary>Questions of a batch.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Share of the probability that a label gives to all other tokens. A model that is sure beyond need has no gradient left
    /// that an editor could use; smoothing keeps one.
    /// </summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Steps and schedule.</summary>
    public TrainingOptions Training { get; init; } = new() { Steps = 1200, WarmUpSteps = 100, LearningRate = 2e-3, Beta2 = 0.98 };
}

/// <summary>Teaches a language model questions and answers; only the answer and its end are learnt, not the question.</summary>
public sealed class FactLearning
{
    private readonly int[][] _tokens;
    private readonly int[] _answerStarts;
    private readonly int _end;

    /// <summary>Takes the questions.</summary>
    /// <param name="questions">Questions and answers; for a <see cref="FactBook"/> its <see cref="FactBook.TrainedQuestions"/>.</param>
    /// <param name="coder">Texts to tokens.</param>
    public FactLearning(IEnumerable<Question> questions, ITextCoder coder)
    {
        _end = coder.EndId;
        EditExample[] examples = [.. questions.Select(q => q.Encode(coder))];
        _tokens = [.. examples.Select(e => (int[])[.. e.Input, .. e.Target])];
        _answerStarts = [.. examples.Select(e => e.Input.Count)];
    }

    /// <summary>Number of different questions.</summary>
    public int Count => _tokens.Length;

    /// <summary>Trains a model, step by step; the caller may stop between two steps.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Batch and schedule.</param>
    /// <param name="seed">Root of the order of the questions.</param>
    public IEnumerable<TrainingStep> Train(Gpt2LMHeadModel model, FactLearningOptions options, Seed seed)
    {
        var shape = model.Transformer.Config;
        using var run = new TrainingRun(model, options.Training, seed)
        {
            SideBySide = SideBySide.Pays((long)options.BatchSize * _tokens.Max(t => t.Length) * shape.HiddenSize, shape.HasDropout),
        };
        int[] order = [];
        for (long n = 0; !run.IsDone;)
        {
            int[] batch = new int[options.BatchSize];
            for (int row = 0; row < batch.Length; row++, n++)
            {
                if (n % Count == 0) order = seed.For("order").At(n / Count).Permutation(Count);
                batch[row] = order[n % Count];
            }
            yield return run.Advance(batch, LabelsOf, rows => Loss(model, rows, options.LabelSmoothing));
        }
        model.eval();
    }

    private int LabelsOf(int row) => _tokens[row].Length - _answerStarts[row];

    private Tensor Loss(Gpt2LMHeadModel model, IReadOnlyList<int> rows, double smoothing)
    {
        var device = model.parameters().First().device;
        var inputs = TokenBatch.Of([.. rows.Select(r => _tokens[r][..^1])], _end).Ids(device);
        int time = (int)inputs.shape[1];
        List<long> places = [], labels = [];
        for (int row = 0; row < rows.Count; row++)
        {
            int[] tokens = _tokens[rows[row]];
            for (int t = _answerStarts[rows[row]]; t < tokens.Length; t++)
            {
                places.Add(row * time + t - 1);
                labels.Add(tokens[t]);
            }
        }
        // Padding stands at the end and attention looks back only, so it needs no mask; the head is applied where an answer is.
        var hidden = model.Transformer.Encode(inputs, attentionMask: null, positionIds: null, hiddenStates: null, cache: null, tensor(places, device: device));
        return nn.functional.cross_entropy(model.Logits(hidden), tensor(labels, device: device), label_smoothing: smoothing);
    }
}
