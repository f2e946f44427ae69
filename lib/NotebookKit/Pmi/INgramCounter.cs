namespace NotebookKit.Pmi;

/// <summary>
/// Counts the word n-grams of a corpus. Words are <see cref="Tokenizers.BasicTokenizer"/>'s tokens; an n-gram never crosses a document.
/// Any two implementations give the same counts and totals, though they may number the n-grams in another order.
/// </summary>
public interface INgramCounter
{
    /// <summary>Counts all n-grams of lengths 1 to <see cref="NgramCountOptions.MaxLength"/>.</summary>
    /// <param name="documents">The texts; each is read once.</param>
    /// <param name="options">Lengths, threshold, punctuation, case.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops the count.</param>
    /// <returns>The n-grams with a count of at least the threshold, and the totals of all n-grams.</returns>
    /// <exception cref="OperationCanceledException">The count was stopped.</exception>
    NgramCounts Count(
        IEnumerable<string> documents, NgramCountOptions options, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default);
}
