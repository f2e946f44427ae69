using NotebookKit.Mend;

namespace NotebookKit.Studies.Mend;

/// <summary>A question and the answer to it.</summary>
/// <param name="Text">The question.</param>
/// <param name="Answer">The answer.</param>
public sealed record Question(string Text, string Answer)
{
    /// <summary>What the question is about, where it is known; it stands in the text.</summary>
    public string? Subject { get; init; }

    /// <summary>The tokens of both, the answer with its end.</summary>
    /// <param name="coder">Texts to tokens.</param>
    /// <exception cref="ArgumentException">Question or answer come to no token.</exception>
    public EditExample Encode(ITextCoder coder)
    {
        if (string.IsNullOrWhiteSpace(Answer)) throw new ArgumentException($"The answer to '{Text}' is empty. Give the answer that the model is to learn.");
        return new(coder.Question(Text), [.. coder.Answer(Answer), coder.EndId]);
    }

    /// <summary>Question and answer in one line.</summary>
    public override string ToString() => $"{Text} {Answer}";
}
