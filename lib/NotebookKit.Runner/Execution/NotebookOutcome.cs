using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Execution;

/// <summary>How the run of one notebook ended.</summary>
/// <param name="Name">The notebook's name: its path under the notebooks folder without the ending.</param>
/// <param name="Executed">Code cells that were run.</param>
/// <param name="CodeCells">Code cells in all.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Problem">Null when it went well; otherwise what failed, with notebook, cell and line.</param>
/// <param name="Interrupted">The reader stopped it.</param>
internal sealed record NotebookOutcome(string Name, int Executed, int CodeCells, TimeSpan Time, string? Problem, bool Interrupted = false)
{
    public bool Succeeded => Problem is null;

    /// <summary>What the cells could compute on, in torch's names; empty when they did not use torch or did not come to their end.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The notebook with what its cells produced, as its executed copy holds it; null when it did not begin.</summary>
    public Notebook? Notebook { get; init; }

    /// <summary>One word for tables.</summary>
    public string Word => Succeeded ? "passed" : Interrupted ? "interrupted" : "failed";
}
