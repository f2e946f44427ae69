namespace NotebookKit.Studies.Mend;

/// <summary>Turns questions and answers into tokens and back.</summary>
public interface ITextCoder
{
    /// <summary>How many tokens there are.</summary>
    int Count { get; }

    /// <summary>The token that ends an answer; it also pads.</summary>
    int EndId { get; }

    /// <summary>The tokens of a question.</summary>
    /// <param name="question">The question.</param>
    IReadOnlyList<int> Question(string question);

    /// <summary>The tokens of an answer, the end not among them.</summary>
    /// <param name="answer">The answer.</param>
    IReadOnlyList<int> Answer(string answer);

    /// <summary>The text of an answer's tokens, up to the end.</summary>
    /// <param name="tokens">Tokens.</param>
    string Text(IEnumerable<int> tokens);
}
