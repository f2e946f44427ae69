namespace NotebookKit.Data;

/// <summary>A data file could not be had; the message names the file, what happened and what to do.</summary>
/// <param name="message">The message.</param>
/// <param name="inner">What caused it.</param>
public sealed class DatasetException(string message, Exception? inner = null) : Exception(message, inner);
