namespace NotebookKit.Runner.Check;

/// <summary>A number that a cell shows under a name.</summary>
/// <param name="Of">The caption of its table, or <c>printed</c> for a line of console text.</param>
/// <param name="Name">Row and column, or what stands before the colon of the line.</param>
/// <param name="Value">As shown: rounded.</param>
/// <param name="Decimals">Digits after the point.</param>
/// <param name="Scale">The largest absolute value of its column: what a small difference is small against.</param>
internal sealed record Metric(string Of, string Name, double Value, int Decimals, double Scale)
{
    /// <summary>One unit of the last digit shown for a fraction, which rounding may move; nothing for a whole number.</summary>
    public double LastDigit => Decimals == 0 ? 0 : Math.Pow(10, -Decimals);
}
