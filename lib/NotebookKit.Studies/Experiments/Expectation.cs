namespace NotebookKit.Studies.Experiments;

/// <summary>Something expected of a run before it was made.</summary>
/// <param name="Experiment">The experiment that tells.</param>
/// <param name="Text">What is expected.</param>
/// <param name="Against">What would count against it.</param>
/// <param name="Measured">The contrast that tells; null where it was not run.</param>
/// <param name="Expected">Where it should lie.</param>
public sealed record Expectation(string Experiment, string Text, string Against, Func<ResultRows, Contrast?> Measured, Finding Expected)
{
    /// <summary>What came out, in words.</summary>
    /// <param name="rows">The rows of its experiment.</param>
    public string Outcome(ResultRows rows) => Measured(rows) switch
    {
        null => "not run",
        var c when c.Finding == Expected => "as expected",
        { Finding: Finding.Open, Difference.Mean: var mean } => Math.Sign(mean) == (Expected == Finding.Below ? -1 : 1) ? "in the expected direction, interval over 0" : "not seen",
        { Finding: Finding.Level } => "level",
        _ => "the opposite",
    };
}
