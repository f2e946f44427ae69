namespace NotebookKit.Play;

/// <summary>What a reader typed or chose cannot be used. The message is one sentence, to be shown where it was typed.</summary>
/// <param name="field">The field of the page: the name of the property of the question, in lower case.</param>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="line">The line in the field, counted from 1; 0 where there is none.</param>
/// <param name="column">The column in that line, counted from 1.</param>
public sealed class InputException(string field, string message, int line = 0, int column = 0) : Exception(message)
{
    /// <summary>The field of the page.</summary>
    public string Field { get; } = field;

    /// <summary>The line in the field, counted from 1; 0 where there is none.</summary>
    public int Line { get; } = line;

    /// <summary>The column in that line, counted from 1.</summary>
    public int Column { get; } = column;
}
