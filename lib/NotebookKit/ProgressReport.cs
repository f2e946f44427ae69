namespace NotebookKit;

/// <summary>One report of a long operation: how far a named stage has come.</summary>
/// <param name="Stage">What is being done, in the reader's words.</param>
/// <param name="Done">Units finished so far.</param>
/// <param name="Total">Units in all, or 0 when that is not known.</param>
/// <param name="Note">A short remark on the present state, such as a loss or a rate.</param>
public readonly record struct ProgressReport(string Stage, long Done, long Total, string Note = "");
