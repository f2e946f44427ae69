namespace NotebookKit.Prompting;

/// <summary>How far a test is from what training saw. What the words of an answer are matters as much as what the question's are.</summary>
public enum ZeroShotKind
{
    /// <summary>Nothing is new but the examples: the one prompt that every variant was trained on.</summary>
    TrainedPrompt,

    /// <summary>A held-out prompt that asks in other words; its answer words are those of the one prompt that every variant was trained on.</summary>
    NewWording,

    /// <summary>A held-out prompt whose answer words stand in other training prompts: new for p = 1, known with more prompts.</summary>
    OtherAnswerWords,

    /// <summary>A held-out prompt whose answer words stand in no training prompt of its data set.</summary>
    NewAnswerWords,

    /// <summary>A held-out data set of a task that is trained on other data sets.</summary>
    HeldOutDataset,

    /// <summary>A held-out data set whose choices are of any length: what T0's rule prefers there may be the short ones.</summary>
    AnyLength,

    /// <summary>A task that is held out whole: what the paper calls zero-shot.</summary>
    HeldOutTask,
}

/// <summary>What tables and figures call the kinds.</summary>
public static class ZeroShotKinds
{
    /// <summary>The kind in the reader's words.</summary>
    /// <param name="kind">The kind.</param>
    public static string InWords(this ZeroShotKind kind) => kind switch
    {
        ZeroShotKind.TrainedPrompt => "trained prompt",
        ZeroShotKind.NewWording => "new wording",
        ZeroShotKind.OtherAnswerWords => "answer words of other prompts",
        ZeroShotKind.NewAnswerWords => "new answer words",
        ZeroShotKind.HeldOutDataset => "held-out data set",
        ZeroShotKind.AnyLength => "held-out data set, choices of any length",
        _ => "held-out task",
    };
}

/// <summary>One prompt to test on: one point of the box plots.</summary>
/// <param name="Kind">What of it is new.</param>
/// <param name="Dataset">Its data set.</param>
/// <param name="Prompt">Its name.</param>
/// <param name="Examples">The rendered test examples.</param>
public sealed record ZeroShotTest(ZeroShotKind Kind, string Dataset, string Prompt, IReadOnlyList<PromptedExample> Examples)
{
    /// <summary>The accuracy of always giving the choice that is most often right.</summary>
    public double Majority => Examples.CountBy(e => e.TargetChoice).Max(c => c.Value) / (double)Examples.Count;

    /// <summary>The accuracy of guessing: the mean of 1 / number of choices.</summary>
    public double Chance => Examples.Average(e => 1.0 / e.Choices!.Count);
}
