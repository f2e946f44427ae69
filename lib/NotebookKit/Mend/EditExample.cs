namespace NotebookKit.Mend;

/// <summary>A question and its answer as tokens: what an editor writes, and what an evaluator asks.</summary>
public sealed record EditExample
{
    /// <summary>A question with its answer.</summary>
    /// <param name="input">The tokens of the question.</param>
    /// <param name="target">The tokens of the answer, with the token that ends it where the model uses one.</param>
    /// <exception cref="ArgumentException">One of them has no token.</exception>
    public EditExample(IReadOnlyList<int> input, IReadOnlyList<int> target)
    {
        if (input.Count == 0) throw new ArgumentException("The question has no token. Give the editor something to ask.", nameof(input));
        if (target.Count == 0) throw new ArgumentException("The target has no token. Give the answer that the model is to learn.", nameof(target));
        (Input, Target) = (input, target);
    }

    /// <summary>The tokens of the question.</summary>
    public IReadOnlyList<int> Input { get; }

    /// <summary>The tokens of the answer.</summary>
    public IReadOnlyList<int> Target { get; }

    /// <summary>Where in the input the subject stands, first token and number of tokens; null where nobody said. <see cref="RomeEditor"/> needs it.</summary>
    public (int Start, int Length)? Subject { get; init; }

    /// <summary>The same question with another answer.</summary>
    /// <exception cref="ArgumentException">The answer has no token.</exception>
    public EditExample Answered(IReadOnlyList<int> target) => new(Input, target) { Subject = Subject };

    /// <summary>Turns a question and an answer into tokens.</summary>
    /// <param name="question">The question.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="encode">The tokens of a text, without any that begin or end it.</param>
    /// <param name="endToken">The token that ends an answer, or null for none.</param>
    /// <exception cref="ArgumentException">The answer is empty, or question or answer come to no token: the message says which.</exception>
    public static EditExample FromText(string question, string answer, Func<string, IReadOnlyList<int>> encode, int? endToken = null)
    {
        if (string.IsNullOrWhiteSpace(answer)) throw new ArgumentException($"The target of '{question}' is empty. Give the answer that the model is to learn.", nameof(answer));
        IReadOnlyList<int> input = encode(question), target = encode(answer);
        if (input.Count == 0) throw new ArgumentException($"The question '{question}' comes to no token. Use words that the tokenizer knows.", nameof(question));
        if (target.Count == 0) throw new ArgumentException($"The target '{answer}' of '{question}' comes to no token. Use words that the tokenizer knows.", nameof(answer));
        return new(input, endToken is { } end ? [.. target, end] : target);
    }
}

/// <summary>One edit and the questions by which it is judged, as tokens.</summary>
/// <param name="Edit">x_e and y_e.</param>
/// <param name="Rephrasings">x'_e: the same question in other words, with the new answer.</param>
/// <param name="Others">
/// Questions whose answers must stay, in named groups: unrelated ones and neighbours are different claims and never mixed. Each has the answer
/// that is true, whether or not the model gives it.
/// </param>
/// <param name="OldTarget">The answer that the edit replaces; null leaves out the metrics that compare the two (efficacy, paraphrase, specificity).</param>
public sealed record EditTrial(
    EditExample Edit, IReadOnlyList<EditExample> Rephrasings, IReadOnlyDictionary<string, IReadOnlyList<EditExample>> Others, IReadOnlyList<int>? OldTarget = null);
