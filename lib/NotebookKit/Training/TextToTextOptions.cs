namespace NotebookKit.Training;

/// <summary>Training of an encoder-decoder on pairs of texts. The defaults are T0's (Sanh et al. 2022, §5).</summary>
public sealed record TextToTextOptions
{
    /// <summary>Examples of a batch.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>Examples that go through the model at once; a larger batch gathers gradients over several passes.</summary>
    public int MicroBatchSize { get; init; } = 1024;

    /// <summary>Tokens of an input; longer ones are cut.</summary>
    public int InputLength { get; init; } = 1024;

    /// <summary>Tokens of a target, its end token included.</summary>
    public int TargetLength { get; init; } = 256;

    /// <summary>Steps, schedule, and AdamW's settings where <see cref="Adafactor"/> is null.</summary>
    public TrainingOptions Training { get; init; } = new() { Steps = 12_200, WarmUpSteps = 0, Schedule = RateSchedule.Constant, LearningRate = 1e-3 };

    /// <summary>The optimizer's settings; the rate is that of <see cref="Training"/>. Null for AdamW.</summary>
    public AdafactorOptions? Adafactor { get; init; } = new() { LearningRate = 1e-3, RelativeStep = false, ScaleParameter = false };
}
