using NotebookKit.Models;

namespace NotebookKit.Training;

/// <summary>Trains an encoder-decoder on pairs of texts by the mean log-likelihood of the target's tokens, the end token included.</summary>
public sealed class TextToTextTraining : IDisposable
{
    private readonly T5ForConditionalGeneration _model;
    private readonly Func<long, TokenPair> _exampleAt;
    private readonly TextToTextOptions _options;
    private readonly Seed _seed;
    private (long Number, TokenPair[][] Batches) _pool = (-1, []);

    /// <summary>Begins at step 0.</summary>
    /// <param name="model">The model, on the device where it is to be trained; it stays the caller's.</param>
    /// <param name="exampleAt">The example that the run reads as its n-th; the same for the same n, so that a resumed run goes on as if it had not stopped.</param>
    /// <param name="options">Batch, lengths, schedule.</param>
    /// <param name="seed">Root of dropout, and of <see cref="TrainingRun.StepSeed"/>.</param>
    public TextToTextTraining(T5ForConditionalGeneration model, Func<long, TokenPair> exampleAt, TextToTextOptions options, Seed seed)
    {
        (_model, _exampleAt, _options, _seed) = (model, exampleAt, options, seed);
        bool own = options.Adafactor is null && options.EmbeddingRateShare != 1;
        Run = new TrainingRun(model, options.Training, seed, own ? WithEmbeddings(model, options.Training) : options.Adafactor is null ? null : new Adafactor(model.parameters(), options.Adafactor))
        {
            RateShares = own ? [1, 1, options.EmbeddingRateShare] : null,
            RowsAtOnce = options.MicroBatchSize,
            SideBySide = SideBySide.Pays((long)options.BatchSize * options.InputLength * model.Config.DModel, model.Config.DropoutRate > 0),
        };
    }

    /// <summary>The run: its step, and what <see cref="Checkpoint"/> saves.</summary>
    public TrainingRun Run { get; }

    /// <summary>The steps that are left, one by one; the caller may stop, evaluate or save between two of them.</summary>
    /// <param name="cancellation">Stops between two steps.</param>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancellation = default) => Run.Steps(Advance, cancellation);

    /// <summary>One step.</summary>
    public TrainingStep Advance()
    {
        var device = _model.Device();
        return Run.Advance(Examples(Run.Step), LabelsOf, examples =>
        {
            var (inputs, targets) = Batch(examples);
            var labels = targets.Labels(device);
            var logits = _model.call(inputs.Ids(device), inputs.AttentionMask(device), _model.ShiftRight(labels), null);
            return T5ForConditionalGeneration.Loss(logits, labels);
        });
    }

    private int LabelsOf(TokenPair example) => Math.Min(example.Targets.Count, _options.TargetLength);

    /// <summary>
    /// The examples of a step. Those of several steps are sorted by length and dealt out again, so that a batch holds inputs of one length and hardly any padding;
    /// which of the steps reads the short ones is drawn.
    /// </summary>
    private TokenPair[] Examples(long step)
    {
        long number = step / _options.SortedBatches;
        if (_pool.Number != number)
        {
            long first = number * _options.SortedBatches * _options.BatchSize;
            var examples = Enumerable.Range(0, _options.SortedBatches * _options.BatchSize).Select(row => _exampleAt(first + row));
            TokenPair[][] batches = [.. (_options.SortedBatches > 1 ? examples.OrderBy(e => e.Inputs.Count) : examples).Chunk(_options.BatchSize)];
            if (batches.Length > 1) batches = [.. _seed.For("batches").At(number).Permutation(batches.Length).Select(i => batches[i])];
            _pool = (number, batches);
        }
        return _pool.Batches[step % _options.SortedBatches];
    }

    /// <summary>AdamW as <see cref="TrainingOptions.CreateOptimizer"/> makes it, with the word embeddings in a group of their own.</summary>
    private static AdamW WithEmbeddings(T5ForConditionalGeneration model, TrainingOptions o)
    {
        var weights = model.named_parameters().Where(p => p.parameter.requires_grad)
            .ToLookup(p => p.name.StartsWith("shared.", StringComparison.Ordinal) ? 2 : p.parameter.dim() >= 2 ? 0 : 1, p => p.parameter);
        return new([.. Enumerable.Range(0, 3).Select(group => new TorchSharp.Modules.AdamW.ParamGroup(weights[group], o.LearningRate, o.Beta1, o.Beta2, o.Epsilon, group == 1 ? 0 : o.WeightDecay))]);
    }

    private (TokenBatch Inputs, TokenBatch Targets) Batch(IReadOnlyList<TokenPair> examples)
    {
        int InputLength(TokenPair e) => Math.Min(e.Inputs.Count, _options.InputLength);
        int padding = _model.Config.PadTokenId;
        var inputs = new TokenBatch(examples.Count, Math.Max(1, examples.Max(InputLength)), padding);
        var targets = new TokenBatch(examples.Count, examples.Max(LabelsOf), padding);
        for (int row = 0; row < examples.Count; row++)
        {
            inputs.SetIds(row, [.. examples[row].Inputs.Take(_options.InputLength)]);
            targets.SetLabels(row, [.. examples[row].Targets.Take(_options.TargetLength)]);
        }
        return (inputs, targets);
    }

    /// <summary>Frees the optimizer's memory; the model stays.</summary>
    public void Dispose() => Run.Dispose();
}

/// <summary>The tokens of one text-to-text example.</summary>
/// <param name="Inputs">Input ids; T0's have no end-of-sequence token.</param>
/// <param name="Targets">Target ids, with their end-of-sequence token.</param>
public sealed record TokenPair(IReadOnlyList<int> Inputs, IReadOnlyList<int> Targets);

/// <summary>
/// Training of an encoder-decoder on pairs of texts. The defaults are T0's (Sanh et al. 2022, §5, and the authors' operative configuration): lengths, steps, Adafactor
/// with steps in proportion to a parameter's size, dropout of the model's. One thing is not T0's: its 1,024 rows of a batch are packed, so that they hold
/// 2^20 input tokens and several thousand examples, while a batch is counted in examples here; <c>Packing</c> makes such rows.
/// </summary>
public sealed record TextToTextOptions
{
    /// <summary>Examples of a batch. T0's 1,024 are packed rows, each of several examples.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>Examples that go through the model at once; a larger batch gathers gradients over several passes.</summary>
    public int MicroBatchSize { get; init; } = 1024;

    /// <summary>The examples of so many steps are sorted by length before they are dealt to batches, so that little of a batch is padding; 1 for the order in which they are drawn.</summary>
    public int SortedBatches { get; init; } = 1;

    /// <summary>What part of the schedule's rate the word embeddings have under AdamW. A word's row sees few gradients, and a small model learns faster if they move further.</summary>
    public double EmbeddingRateShare { get; init; } = 1;

    /// <summary>Tokens of an input; longer ones are cut.</summary>
    public int InputLength { get; init; } = 1024;

    /// <summary>Tokens of a target, its end token included.</summary>
    public int TargetLength { get; init; } = 256;

    /// <summary>Steps, schedule, and AdamW's settings where <see cref="Adafactor"/> is null.</summary>
    public TrainingOptions Training { get; init; } = new() { Steps = 12_200, WarmUpSteps = 0, Schedule = RateSchedule.Constant, LearningRate = 1e-3 };

    /// <summary>The optimizer's settings; the rate is that of <see cref="Training"/>. T0's rate of 1e-3 is relative to the root mean square of the parameter. Null for AdamW.</summary>
    public AdafactorOptions? Adafactor { get; init; } = new() { LearningRate = 1e-3, RelativeStep = false, ScaleParameter = true };
}
