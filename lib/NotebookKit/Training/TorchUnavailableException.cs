namespace NotebookKit.Training;

/// <summary>libtorch, or a device of it, cannot be used on this machine. The message is one sentence that says what is missing and what to do.</summary>
public sealed class TorchUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
