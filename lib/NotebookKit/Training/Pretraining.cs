using NotebookKit.Models;

namespace NotebookKit.Training;

/// <summary>
/// Pre-training of a BERT by masked language modelling: every epoch in a new order, every sequence under a new mask each time it is seen.
/// </summary>
/// <remarks>Order and masks follow from the seed and the step, so that two maskers under one seed see the same sentences at the same steps.</remarks>
public sealed class Pretraining : IDisposable
{
    private readonly BertForMaskedLM _model;
    private readonly PackedSequences _sequences;
    private readonly SequenceMasker _masker;
    private readonly PretrainingOptions _options;
    private Seed _orderSeed;
    private int[] _order = [];

    /// <summary>Begins at step 0.</summary>
    /// <param name="model">The model, on the device where it is to be trained; it stays the caller's.</param>
    /// <param name="sequences">What it reads.</param>
    /// <param name="masker">What it has to predict.</param>
    /// <param name="options">Batch and schedule.</param>
    /// <param name="seed">Root of order, masks and dropout.</param>
    /// <exception cref="ArgumentException">The sequences are longer than the options say.</exception>
    public Pretraining(BertForMaskedLM model, PackedSequences sequences, SequenceMasker masker, PretrainingOptions options, Seed seed)
    {
        if (sequences.Length > options.SequenceLength)
            throw new ArgumentException($"The sequences have {sequences.Length} tokens and the options say {options.SequenceLength}; pack them to that length.", nameof(sequences));
        (_model, _sequences, _masker, _options) = (model, sequences, masker, options);
        Run = new TrainingRun(model, options.Training, seed)
        {
            RowsAtOnce = options.MicroBatchSize,
            SideBySide = SideBySide.Pays((long)options.BatchSize * sequences.Length * model.Bert.Config.HiddenSize, model.Bert.Config.HasDropout),
        };
    }

    /// <summary>The run: its step, and what <see cref="Checkpoint"/> saves.</summary>
    public TrainingRun Run { get; }

    /// <summary>The steps that are left, one by one; the caller may stop, evaluate or save between two of them.</summary>
    /// <param name="cancellation">Stops between two steps.</param>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancellation = default) => Run.Steps(Advance, cancellation);

    /// <summary>One step.</summary>
    /// <exception cref="ArgumentException">The masker chose no token of the whole batch.</exception>
    public TrainingStep Advance()
    {
        var device = _model.Device();
        MaskedRow[] rows = [.. NextRows().Select(Masked)];
        if (rows.All(row => row.Predicted == 0)) throw new ArgumentException($"The masker chose no token in the batch of step {Run.Step}; use longer sequences, larger batches or a higher rate.");
        return Run.Advance(rows, row => row.Predicted, some =>
        {
            var batch = new TokenBatch(some.Count, some.Max(row => row.Inputs.Length), _sequences.PaddingId);
            for (int row = 0; row < some.Count; row++)
            {
                batch.SetIds(row, some[row].Inputs);
                batch.SetLabels(row, some[row].Labels);
            }
            return _model.Loss(batch.Ids(device), batch.Labels(device), batch.AttentionMask(device));
        });
    }

    /// <summary>Which sequences the step reads, and the seed of the mask of each.</summary>
    private IEnumerable<(int Sequence, ulong Seed)> NextRows()
    {
        var masking = Run.StepSeed.For("masking");
        return Enumerable.Range(0, _options.BatchSize).Select(row => (SequenceAt(Run.Step * _options.BatchSize + row), masking.At(row).Value));
    }

    private MaskedRow Masked((int Sequence, ulong Seed) row)
    {
        var tokens = _sequences[row.Sequence];
        int[] inputs = new int[tokens.Length], labels = new int[tokens.Length];
        _masker(tokens, inputs, labels, row.Seed);
        return new(inputs, labels);
    }

    private sealed record MaskedRow(int[] Inputs, int[] Labels)
    {
        public int Predicted { get; } = Labels.Length - Labels.AsSpan().Count(TokenBatch.Ignored);
    }

    /// <summary>Which sequence the run reads as its n-th.</summary>
    private int SequenceAt(long n)
    {
        long epoch = n / _sequences.Count;
        var seed = Run.Seed.For("order").At(epoch);
        if (_order.Length == 0 || seed != _orderSeed) (_orderSeed, _order) = (seed, seed.Permutation(_sequences.Count));
        return _order[n % _sequences.Count];
    }

    /// <summary>Frees the optimizer's memory; the model stays.</summary>
    public void Dispose() => Run.Dispose();
}

/// <summary>
/// Pre-training of BERT by masked language modelling alone. The defaults are those of the PMI-Masking paper (§4): BERT-base with batches of
/// 256 sequences of 512 tokens and without next-sentence prediction.
/// </summary>
public sealed record PretrainingOptions
{
    /// <summary>Sequences of a batch.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Sequences that go through the model at once; a larger batch gathers gradients over several passes. It changes the memory needed and, beyond rounding and the draws of dropout, not the result.</summary>
    public int MicroBatchSize { get; init; } = 256;

    /// <summary>Tokens of a sequence.</summary>
    public int SequenceLength { get; init; } = 512;

    /// <summary>Steps, schedule and optimizer.</summary>
    public TrainingOptions Training { get; init; } = new();
}
