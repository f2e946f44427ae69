namespace NotebookKit.Studies.Datasets;

/// <summary>A data file could not be had; the message names the file, what happened and what to do.</summary>
/// <param name="message">The message.</param>
/// <param name="inner">What caused it.</param>
public sealed class DatasetException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The data set that is to be brought; "" where bringing one would not help.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Whether the server could not be reached at all, so that other files of it need not be tried.</summary>
    public bool Unreachable { get; init; }
}
