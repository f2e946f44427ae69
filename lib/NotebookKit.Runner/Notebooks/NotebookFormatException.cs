namespace NotebookKit.Runner.Notebooks;

/// <summary>A notebook cannot be read, run or written as it is; the message names the file, the cell and the line.</summary>
internal sealed class NotebookFormatException(string message, Exception? inner = null) : Exception(message, inner);
