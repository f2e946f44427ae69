namespace NotebookKit.Prompting;

/// <summary>What promptsource records about a prompt.</summary>
/// <param name="OriginalTask">Whether the prompt poses the task that the data set was made for; null if not recorded.</param>
/// <param name="ChoicesInPrompt">Whether the input lists the answer choices; null if not recorded.</param>
/// <param name="Metrics">Names of the metrics that fit, such as <c>Accuracy</c> or <c>ROUGE</c>.</param>
/// <param name="Languages">Languages of the prompt, such as <c>en</c>.</param>
public sealed record PromptMetadata(bool? OriginalTask, bool? ChoicesInPrompt, IReadOnlyList<string> Metrics, IReadOnlyList<string> Languages)
{
    /// <summary>Nothing recorded.</summary>
    public static PromptMetadata Empty { get; } = new(null, null, [], []);

    /// <inheritdoc/>
    public bool Equals(PromptMetadata? other) => other is not null && OriginalTask == other.OriginalTask && ChoicesInPrompt == other.ChoicesInPrompt
        && Metrics.SequenceEqual(other.Metrics) && Languages.SequenceEqual(other.Languages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OriginalTask, ChoicesInPrompt, Metrics.Count, Languages.Count);
}
